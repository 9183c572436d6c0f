/**
 * Text as Plotly shows it literally: no tags, no entities, no TeX between dollars. A new line is a new line of the label.
 */
export function escapeLabel(text: string): string {
  return text
    .replace(/[&<>$]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\r?\n/g, "<br>")
    .replace(/\p{Cc}/gu, " ");
}
