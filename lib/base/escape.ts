/**
 * Escapes text for HTML content and quoted attributes. It uses numeric references, since Plotly's labels support only
 * those as well. Control characters, which HTML forbids, and line breaks become spaces.
 */
export function escapeHtml(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Formats JSON that is safe inside a script element: no "<" that could close it or open a comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** Shortens a text to at most `length` characters, ending in an ellipsis if it was longer. */
export function shortened(text: string, length: number): string {
  const signs = Array.from(text);
  return signs.length <= length
    ? text
    : `${signs
        .slice(0, length - 1)
        .join("")
        .trimEnd()}…`;
}

/**
 * Shortens a text to at most `length` characters, replacing its middle by an ellipsis: the beginning and the end say
 * the most.
 */
export function shortenedInMiddle(text: string, length: number): string {
  const signs = Array.from(text);
  if (signs.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return [...signs.slice(0, length - 1 - end), "…", ...signs.slice(signs.length - end)].join("");
}

/**
 * What a terminal would interpret or hide: control characters except line breaks and tabs, bidirectional controls, line
 * and paragraph separators, lone surrogates, and invisible characters except the joiners and variation selectors of
 * scripts and emoji.
 */
const UNSHOWN =
  /(?![\n\t]|\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Makes text safe to print on a terminal: control and invisible characters become JSON escapes such as `\u001b`. Line
 * breaks and tabs are kept, and JSON keeps its meaning.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSHOWN, unicodeEscapes);
}

/** The same for a value within one line: its line breaks and tabs become `\n` and `\t`. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** `\uXXXX` for each of the character's UTF-16 units. */
function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}
