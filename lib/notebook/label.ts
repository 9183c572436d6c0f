/** Escapes text so that Plotly shows it literally: no tags, entities or TeX between dollars. Line breaks are kept. */
export function escapeLabel(text: string): string {
  return text
    .replace(/[&<>$]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\r?\n/g, "<br>")
    .replace(/\p{Cc}/gu, " ");
}

/** Escapes text within a Plotly template, where `%{…}` is interpreted too. */
export const escapeTemplate = (text: string): string => escapeLabel(text).replaceAll("%", "&#37;");

/** Breaks text between words into lines of at most `width` characters; a longer word gets its own line. */
export function wrapped(text: string, width = 60): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
