import { escapeHtml } from "../base";

/**
 * Makes a table that scrolls sideways on a narrow screen, also with the arrow keys.
 * @param name plain-text label for screen readers
 * @param heads column headings as HTML
 * @param rows `<tr>` elements
 */
export function scrollingTable(name: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => (text === "" ? "<td></td>" : `<th scope="col">${text}</th>`)).join("");
  return `<div class="scroll" role="region" aria-label="${escapeHtml(name)}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
