import { alreadyThere, duration, endLine, escapeHtml, Pace, type Progress, pace, progressLine } from "../base";
import { openSlot, type Slot } from "./display";
import { host } from "./host";
import { QUIET_TEXT, RULE } from "./markup";
import { html } from "./mime";
import { formatNumber } from "./number";
import { COLOURS } from "./template";

const REDRAW_MS = 200;
const LOG_MS = 10_000;

/** Shows the progress of a job, stage by stage. */
export interface ProgressView {
  show(fact: Progress): void;
  /** The job is done. */
  end(): void;
  /** The job stopped early; does nothing after `end`. */
  stop(): void;
}

/** The stage that is in progress. */
interface Current {
  fact: Progress;
  startedAt: number;
  pace: Pace;
  shownAt: number;
  slot: Slot;
}

const TRACK = `display:inline-block;width:260px;max-width:50%;height:10px;border-radius:4px;background-color:${RULE};overflow:hidden`;

/** JupyterLab indents printed lines by this padding; bars get the same. */
const LINE = "font-size:13px;padding-left:var(--jp-code-padding,0)";

/**
 * Opens a bar in the notebook that is redrawn in place, or writes log lines if nobody is watching.
 * @param now clock in ms, for tests
 */
export function openProgressView(now: () => number = Date.now): ProgressView {
  const live = host()?.headless === false;
  let current: Current | null = null;
  const close = (lineOf: (fact: Progress, tookMs: number) => string) => {
    if (current === null) return;
    const { fact, startedAt, slot } = current;
    const line = lineOf(fact, now() - startedAt);
    if (live) slot.draw(html(endMarkup(line), line));
    else console.log(line);
    current = null;
  };
  return {
    show: (fact) => {
      if (current !== null && current.fact.stage !== fact.stage) close(endLine);
      current ??= {
        fact,
        startedAt: now(),
        pace: new Pace(),
        shownAt: live ? Number.NEGATIVE_INFINITY : now(),
        slot: openSlot(),
      };
      current.fact = fact;
      const perMs = current.pace.add(fact, now());
      if (now() - current.shownAt < (live ? REDRAW_MS : LOG_MS)) return;
      current.shownAt = now();
      draw(current, live, perMs);
    },
    end: () => close(endLine),
    stop: () => close(brokenLine),
  };
}

const brokenLine = ({ stage, done }: Progress, tookMs: number) =>
  `${stage}: ${formatNumber(done)} done, then stopped after ${duration(tookMs)}`;

/** @param perMs items per millisecond */
function draw({ fact, slot }: Current, live: boolean, perMs: number): void {
  const line = progressLine(fact, perMs);
  if (live) slot.draw(html(progressMarkup(fact, perMs), line));
  else console.log(line);
}

/** A bar with count, rate and time left. @param perMs items per millisecond */
function progressMarkup(fact: Progress, perMs: number): string {
  const { stage, done, total } = fact;
  const text = [...formatCount(fact), ...alreadyThere(fact), ...pace(fact, perMs)].join(" · ");
  const share = total === undefined ? 0 : Math.min(100, (100 * done) / Math.max(1, total));
  const filled = `width:${share.toFixed(1)}%;height:10px;background-color:${COLOURS[0]}`;
  const bar = total === undefined || total === 1 ? "" : `<span style="${TRACK}"><div style="${filled}"></div></span> `;
  return `<div style="${LINE}">${escapeHtml(stage)} ${bar}${escapeHtml(text)}</div>`;
}

/** The line that replaces a finished bar. */
function endMarkup(line: string): string {
  return `<div style="${LINE};color:${QUIET_TEXT}">${escapeHtml(line)}</div>`;
}

function formatCount({ done, total }: Progress): string[] {
  if (total === undefined) return [formatNumber(done)];
  return total === 1 ? ["…"] : [`${formatNumber(done)}/${formatNumber(total)}`];
}
