import type { EpochRecord } from "./records";

/** Names of a record's numbers. */
type Figure = Exclude<keyof EpochRecord, "kind">;

/**
 * Some figures of a training as series over its epochs, for plots; epochs without a value are left out.
 * @returns a series by figure: `x` epochs, `y` values
 */
export function byEpoch(
  history: readonly EpochRecord[],
  figures: readonly Figure[],
): Record<string, { x: number[]; y: number[] }> {
  const series = figures.map((figure) => {
    const known = history.flatMap((record) => {
      const value = record[figure];
      return value === null ? [] : [[record.epoch, value] as const];
    });
    return [figure, { x: known.map(([epoch]) => epoch), y: known.map(([, value]) => value) }] as const;
  });
  return Object.fromEntries(series);
}
