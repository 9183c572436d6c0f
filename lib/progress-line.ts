import type { Progress } from "./progress";

const BAR_CELLS = 24;

/** One line such as `embed images  [######----]  60/100  12/s  ETA 3 s`. @param perMs items a millisecond */
export function progressLine(fact: Progress, perMs: number): string {
  const { stage, done, total, note } = fact;
  const facts = [...pace(fact, perMs), ...(note === undefined ? [] : [note])];
  if (total === undefined) return [stage, done, ...facts].join("  ");
  const filled = Math.round(BAR_CELLS * Math.min(1, done / Math.max(1, total)));
  const bar = "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
  return [stage, `[${bar}]`, `${done}/${total}`, ...facts].join("  ");
}

/** Rate and time left, where they are known: `["12/s", "ETA 3 s"]`. @param perMs items a millisecond */
export function pace({ done, total, remainingMs }: Progress, perMs: number): string[] {
  if (!(perMs > 0)) return remainingMs === undefined ? [] : [`ETA ${duration(remainingMs)}`];
  const rate = `${format(perMs * 1000)}/s`;
  if (remainingMs !== undefined) return [rate, `ETA ${duration(remainingMs)}`];
  return total === undefined || done >= total ? [rate] : [rate, `ETA ${duration((total - done) / perMs)}`];
}

/** A span in its two largest units: `3 s`, `2 min 5 s`, `1 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const format = (rate: number) => (rate >= 10 ? Math.round(rate).toString() : rate.toFixed(1));
