import type { Result } from "./rounds";

/** The contender that others are compared with. */
export const OURS = "thumbrank";

/**
 * Lines for people: medians with their range, and our median divided by the contender's, below 1 where we are faster.
 * @param unit such as "ms a step"
 */
export function tableOf(results: readonly Result[], unit: string): string[] {
  const batches = [...new Set(results.map(({ batch }) => batch))];
  return batches.flatMap((batch) => {
    const rows = results.filter((result) => result.batch === batch);
    const ours = rows.find(({ name }) => name === OURS);
    return ["", `batch ${batch}: ${unit}, median (low to high over rounds)`, ...rows.map((row) => line(row, ours))];
  });
}

function line({ name, medianMs, lowMs, highMs }: Result, ours: Result | undefined): string {
  const figures = `${show(medianMs)}  (${show(lowMs)} to ${show(highMs)})`;
  const start = `  ${name.padEnd(26)}${figures.padEnd(30)}`;
  if (ours === undefined || name === OURS) return start.trimEnd();
  const ratio = ours.medianMs / medianMs;
  return `${start}${OURS} / it: ${ratio.toFixed(2)}${ratio > 1 ? "  it is faster" : ""}`;
}

function show(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0).padStart(7);
}
