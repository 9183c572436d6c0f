import { escapeHtml } from "../escape";
import type { Progress } from "../progress";
import { pace } from "../progress-line";
import { formatNumber } from "./number";

/** A bar with count, rate and time left. @param perMs items a millisecond */
export function progressMarkup(fact: Progress, perMs: number): string {
  const { stage, done, total } = fact;
  const share = total === undefined ? 0 : Math.min(100, (100 * done) / Math.max(1, total));
  const count = total === undefined ? formatNumber(done) : `${formatNumber(done)}/${formatNumber(total)}`;
  const bar = `<div style="background:#e8ebee;border-radius:4px;width:260px;height:10px;display:inline-block;overflow:hidden"><div style="background:#0072b2;height:10px;width:${share.toFixed(1)}%"></div></div>`;
  return `<div style="font-size:13px">${escapeHtml(stage)} ${bar} ${escapeHtml([count, ...pace(fact, perMs)].join("  "))}</div>`;
}
