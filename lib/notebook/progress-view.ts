import type { Progress } from "../progress";
import { duration, progressLine } from "../progress-line";
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
  /** What was done when it began: a resumed job does not begin at 0. */
  startedWith: number;
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
  const close = (how: string) => {
    if (current === null) return;
    const { fact, startedAt, slot } = current;
    const line = `${fact.stage}: ${formatNumber(fact.done)} ${how} ${duration(now() - startedAt)}`;
    if (live) slot.draw(html(endMarkup(line), line));
    else console.log(line);
    current = null;
  };
  return {
    show: (fact) => {
      if (current !== null && current.fact.stage !== fact.stage) close("done in");
      current ??= {
        fact,
        startedAt: now(),
        startedWith: fact.done,
        shownAt: live ? Number.NEGATIVE_INFINITY : now(),
        slot: openSlot(),
      };
      current.fact = fact;
      if (now() - current.shownAt < (live ? REDRAW_MS : LOG_MS)) return;
      current.shownAt = now();
      draw(current, live, now());
    },
    end: () => close("done in"),
    stop: () => close("done, then broken off after"),
  };
}

function draw({ fact, startedAt, startedWith, slot }: Current, live: boolean, at: number): void {
  const perMs = (fact.done - startedWith) / Math.max(1, at - startedAt);
  const line = progressLine(fact, perMs);
  if (live) slot.draw(html(progressMarkup(fact, perMs), line));
  else console.log(line);
}
