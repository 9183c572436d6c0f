import { escapeHtml } from "../escape";
import type { Progress } from "../progress";
import { pace } from "../progress-line";
import { formatNumber } from "./number";
import { COLOURS, QUIET } from "./template";

const TRACK = "display:inline-block;width:260px;height:10px;border-radius:4px;background-color:#dfe4e9;overflow:hidden";

/** A bar with count, rate and time left. @param perMs items a millisecond */
export function progressMarkup(fact: Progress, perMs: number): string {
  const { stage, done, total } = fact;
  const text = [countOf(fact), ...pace(fact, perMs)].join(" · ");
  const share = total === undefined ? 0 : Math.min(100, (100 * done) / Math.max(1, total));
  const filled = `width:${share.toFixed(1)}%;height:10px;background-color:${COLOURS[0]}`;
  const bar = total === undefined ? "" : `<span style="${TRACK}"><div style="${filled}"></div></span> `;
  return `<div style="font-size:13px">${escapeHtml(stage)} ${bar}${escapeHtml(text)}</div>`;
}

/** The line that a bar leaves. */
export function endMarkup(line: string): string {
  return `<div style="font-size:13px;color:${QUIET}">${escapeHtml(line)}</div>`;
}

const countOf = ({ done, total }: Progress) =>
  total === undefined ? formatNumber(done) : `${formatNumber(done)}/${formatNumber(total)}`;
