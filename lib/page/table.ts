import { escapeHtml } from "../base";

/**
 * A table that scrolls sideways within itself on a narrow screen, also by the arrow keys.
 * @param name what a screen reader calls it, plain text
 * @param heads headings of the columns as HTML
 * @param rows `<tr>` elements
 */
export function scrollingTable(name: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => (text === "" ? "<td></td>" : `<th scope="col">${text}</th>`)).join("");
  return `<div class="scroll" role="region" aria-label="${escapeHtml(name)}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
