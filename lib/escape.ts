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

/** At most `length` characters of a text, with an ellipsis for its middle where it was longer: begin and end tell most. */
export function shortenedInMiddle(text: string, length: number): string {
  const signs = Array.from(text);
  if (signs.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return [...signs.slice(0, length - 1 - end), "…", ...signs.slice(signs.length - end)].join("");
}
