import type { Progress } from "../progress";
import { duration, progressLine } from "../progress-line";
import { openSlot } from "./display";
import { host } from "./host";
import { html } from "./mime";
import { formatNumber } from "./number";
import { progressMarkup } from "./progress-markup";

const REDRAW_MS = 200;
const LOG_MS = 10_000;

/** Shows how far a job is. */
export interface ProgressView {
  show(fact: Progress): void;
  /** The job is done. */
  end(): void;
  /** The job was stopped. */
  stop(): void;
}

/** Opens a bar in the notebook, or lines of a log where nobody looks on. @param now clock in ms, for tests */
export function openProgressView(now: () => number = Date.now): ProgressView {
  const kernel = host();
  const live = kernel !== undefined && !kernel.headless;
  let slot = openSlot();
  let last: Progress | null = null;
  let [startedAt, startedWith, shownAt] = [0, 0, 0];
  const close = (how: string) => {
    if (last === null) return;
    const line = `${last.stage}: ${formatNumber(last.done)} ${how} ${duration(now() - startedAt)}`;
    if (live) slot.draw(html(`<div style="color:#5f6b7a;font-size:13px">${line}</div>`, line));
    else console.log(line);
    last = null;
  };
  return {
    show: (fact) => {
      if (fact.stage !== last?.stage) {
        close("done in");
        [slot, startedAt, startedWith, shownAt] = [openSlot(), now(), fact.done, 0];
        if (!live) shownAt = now();
      }
      last = fact;
      if (now() - shownAt < (live ? REDRAW_MS : LOG_MS)) return;
      shownAt = now();
      const perMs = (fact.done - startedWith) / Math.max(1, now() - startedAt);
      const line = progressLine(fact, perMs);
      if (live) slot.draw(html(progressMarkup(fact, perMs), line));
      else console.log(line);
    },
    end: () => close("done in"),
    stop: () => close("done, interrupted after"),
  };
}
