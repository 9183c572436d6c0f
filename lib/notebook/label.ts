/**
 * Text as Plotly shows it literally: no tags, no entities, no TeX between dollars. A new line is a new line of the label.
 */
export function escapeLabel(text: string): string {
  return text
    .replace(/[&<>$]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\r?\n/g, "<br>")
    .replace(/\p{Cc}/gu, " ");
}

/** Text within a template of Plotly, where `%{…}` is read too. */
export const escapeTemplate = (text: string): string => escapeLabel(text).replaceAll("%", "&#37;");

/** Text broken between words into lines of at most `width` characters, where its words allow. */
export function wrapped(text: string, width = 60): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
