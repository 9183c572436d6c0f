import type { Progress } from "./progress";

const BAR_CELLS = 24;
/** Before this time has passed, a rate is mostly timer noise. */
const LEAST_PACE_MS = 500;

/** Measures the rate of one stage of a job, from the start of its actual work. */
export class Pace {
  #startedAt = 0;
  #startedWith: number | null = null;

  /**
   * Adds the stage's next progress fact.
   * @returns items per millisecond; 0 if not known yet
   */
  add({ done, already = 0 }: Progress, atMs: number): number {
    const worked = done - already;
    this.#startedWith ??= worked;
    const since = worked - this.#startedWith;
    // Skipping items that already exist is not part of the work.
    if (since <= 0) this.#startedAt = atMs;
    const elapsedMs = atMs - this.#startedAt;
    return elapsedMs < LEAST_PACE_MS ? 0 : since / elapsedMs;
  }
}

/** One line such as `embed images  [######----]  60/100  12/s  ETA 3 s`. @param perMs items per millisecond */
export function progressLine(fact: Progress, perMs: number): string {
  const { stage, done, total, note } = fact;
  const facts = [...alreadyThere(fact), ...pace(fact, perMs), ...(note === undefined ? [] : [note])];
  if (total === undefined) return [stage, done, ...facts].join("  ");
  // No bar for a single piece, which is either in progress or done: the bar would be empty, then gone.
  if (total === 1) return [stage, done < total ? "…" : "done", ...facts].join("  ");
  const filled = Math.round(BAR_CELLS * Math.min(1, done / Math.max(1, total)));
  const bar = "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
  return [stage, `[${bar}]`, `${done}/${total}`, ...facts].join("  ");
}

/** The final line of a finished stage: `embed titles: 100 done in 5 s, 40 of them already there`. */
export function endLine({ stage, done, total, already = 0 }: Progress, tookMs: number): string {
  if (done > 0 && already === done) return `${stage}: ${count(done)} already there`;
  const counted = total === 1 ? "" : `${count(done)} `;
  const before = already > 0 ? `, ${count(already)} of them already there` : "";
  return `${stage}: ${counted}done in ${duration(tookMs)}${before}`;
}

/** The number of items that existed before the job began: `["40 already there"]`. */
export function alreadyThere({ already = 0 }: Progress): string[] {
  return already > 0 ? [`${count(already)} already there`] : [];
}

const count = (items: number) => items.toLocaleString("en-US");

/** Rate and time left, if known: `["12/s", "ETA 3 s"]`. @param perMs items per millisecond */
export function pace({ done, total, remainingMs }: Progress, perMs: number): string[] {
  if (!(perMs > 0)) return remainingMs === undefined ? [] : [`ETA ${duration(remainingMs)}`];
  const rate = `${format(perMs * 1000)}/s`;
  if (remainingMs !== undefined) return [rate, `ETA ${duration(remainingMs)}`];
  return total === undefined || done >= total ? [rate] : [rate, `ETA ${duration((total - done) / perMs)}`];
}

/** Formats a time span in its two largest units: `3 s`, `2 min 5 s`, `1 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const format = (rate: number) => (rate >= 10 ? Math.round(rate).toString() : rate.toFixed(1));
