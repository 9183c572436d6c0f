import type { Progress } from "../base";
import { alreadyThere, escapeHtml, pace } from "../base";
import { QUIET_TEXT, RULE } from "./markup";
import { formatNumber } from "./number";
import { COLOURS } from "./template";

const TRACK = `display:inline-block;width:260px;max-width:50%;height:10px;border-radius:4px;background-color:${RULE};overflow:hidden`;

/** JupyterLab moves printed lines in by that much; bars start where they do. */
const LINE = "font-size:13px;padding-left:var(--jp-code-padding,0)";

/** A bar with count, rate and time left. @param perMs items a millisecond */
export function progressMarkup(fact: Progress, perMs: number): string {
  const { stage, done, total } = fact;
  const text = [...countOf(fact), ...alreadyThere(fact), ...pace(fact, perMs)].join(" · ");
  const share = total === undefined ? 0 : Math.min(100, (100 * done) / Math.max(1, total));
  const filled = `width:${share.toFixed(1)}%;height:10px;background-color:${COLOURS[0]}`;
  const bar = total === undefined || total === 1 ? "" : `<span style="${TRACK}"><div style="${filled}"></div></span> `;
  return `<div style="${LINE}">${escapeHtml(stage)} ${bar}${escapeHtml(text)}</div>`;
}

/** The line that a bar leaves. */
export function endMarkup(line: string): string {
  return `<div style="${LINE};color:${QUIET_TEXT}">${escapeHtml(line)}</div>`;
}

function countOf({ done, total }: Progress): string[] {
  if (total === undefined) return [formatNumber(done)];
  return total === 1 ? ["…"] : [`${formatNumber(done)}/${formatNumber(total)}`];
}
