import type { Progress } from "../progress";

const REDRAW_MS = 100;
const LOG_MS = 10_000;
const BAR_CELLS = 24;

/** Where progress is written: a terminal is redrawn, anything else gets a log line now and then. */
export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows progress on a screen (stderr): a bar with rate and ETA on a terminal, a log line every 10 s elsewhere.
 * @param now clock in ms, for tests
 */
export function progressBar(screen: Screen = process.stderr, now: () => number = Date.now): (fact: Progress) => void {
  let stage = "";
  let [startedAt, startedWith, shownAt] = [0, 0, 0];
  return (fact) => {
    if (fact.stage !== stage) {
      [stage, startedAt, startedWith, shownAt] = [fact.stage, now(), fact.done, 0];
    }
    const finished = fact.done === fact.total;
    if (now() - shownAt < (screen.isTTY ? REDRAW_MS : LOG_MS) && !finished) return;
    shownAt = now();
    const line = progressLine(fact, (fact.done - startedWith) / Math.max(1, now() - startedAt));
    screen.write(screen.isTTY ? `\r\u001b[2K${line}${finished ? "\n" : ""}` : `${line}\n`);
  };
}

/** One line such as `embed images  [######----]  60/100  12/s  ETA 3 s`. @param perMs items a millisecond */
export function progressLine({ stage, done, total }: Progress, perMs: number): string {
  const rate = perMs > 0 ? `  ${format(perMs * 1000)}/s` : "";
  if (total === undefined) return `${stage}  ${done}${rate}`;
  const filled = Math.round((BAR_CELLS * done) / Math.max(1, total));
  const bar = "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
  const eta = perMs > 0 && done < total ? `  ETA ${duration((total - done) / perMs)}` : "";
  return `${stage}  [${bar}]  ${done}/${total}${rate}${eta}`;
}

/** A span in its two largest units: `3 s`, `2 min 5 s`, `1 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const format = (rate: number) => (rate >= 10 ? Math.round(rate).toString() : rate.toFixed(1));
