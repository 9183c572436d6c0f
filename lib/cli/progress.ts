import type { Progress } from "../base";
import { escapeLine, Pace, progressLine } from "../base";

const REDRAW_MS = 100;
const LOG_MS = 10_000;

/** Where progress is written: a terminal is redrawn, anything else gets an occasional log line. */
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
  let shownAt = 0;
  let pace = new Pace();
  return (fact) => {
    if (fact.stage !== stage) {
      stage = fact.stage;
      shownAt = 0;
      pace = new Pace();
    }
    const perMs = pace.add(fact, now());
    const finished = fact.done === fact.total;
    if (now() - shownAt < (screen.isTTY ? REDRAW_MS : LOG_MS) && !finished) return;
    shownAt = now();
    const line = escapeLine(progressLine(fact, perMs));
    screen.write(screen.isTTY ? `\r\u001b[2K${line}${finished ? "\n" : ""}` : `${line}\n`);
  };
}
