import type { Progress } from "../base";
import { duration, endLine, Pace, progressLine } from "../base";
import { openSlot, type Slot } from "./display";
import { host } from "./host";
import { html } from "./mime";
import { formatNumber } from "./number";
import { endMarkup, progressMarkup } from "./progress-markup";

const REDRAW_MS = 200;
const LOG_MS = 10_000;

/** Shows how far a job is, stage by stage. */
export interface ProgressView {
  show(fact: Progress): void;
  /** The job is done. */
  end(): void;
  /** The job broke off; nothing where it has ended. */
  stop(): void;
}

/** The stage that is under way. */
interface Current {
  fact: Progress;
  startedAt: number;
  pace: Pace;
  shownAt: number;
  slot: Slot;
}

/**
 * Opens a bar in the notebook that is redrawn in place, or lines of a log where nobody looks on.
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

/** @param perMs items a millisecond */
function draw({ fact, slot }: Current, live: boolean, perMs: number): void {
  const line = progressLine(fact, perMs);
  if (live) slot.draw(html(progressMarkup(fact, perMs), line));
  else console.log(line);
}
