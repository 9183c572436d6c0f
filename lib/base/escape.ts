/**
 * Text for HTML, in content and in quoted attributes. Numeric references, since Plotly's labels know only those too.
 * Control characters, which HTML forbids, and line breaks become spaces.
 */
export function escapeHtml(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** JSON that may stand inside a script element: no "<" that could close it or open a comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** At most `length` characters of a text, the last one an ellipsis where it was longer. */
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
 * At most `length` characters of a text, with an ellipsis for its middle if it is longer: the beginning and the end say
 * the most.
 */
export function shortenedInMiddle(text: string, length: number): string {
  const signs = Array.from(text);
  if (signs.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return [...signs.slice(0, length - 1 - end), "…", ...signs.slice(signs.length - end)].join("");
}

/**
 * What a terminal would obey or hide: control characters but line breaks and tabs, bidirectional controls, line and
 * paragraph separators, lone surrogates, and invisible characters but the joiners and variation selectors of scripts and emoji.
 */
const UNSHOWN =
  /(?![\n\t]|\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Text that a terminal shows and never obeys: control and invisible characters as JSON writes them, such as `\u001b`.
 * Line breaks and tabs stay. JSON stays the same JSON.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSHOWN, unicodeEscapes);
}

/** The same for a value within a line, whose own line breaks and tabs must not start another: they become `\n`, `\t`. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** `\uXXXX` for each of the character's UTF-16 units. */
function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}
