import type { TimedNode } from "./metadata";

/**
 * A table by type of operation: how many a step has, and their milliseconds a step over all threads. Of each operation
 * the shortest run counts, so that what the machine did besides falls out.
 * @param rows most rows of the table
 */
export function profileTable(runs: readonly TimedNode[][], rows: number): string[] {
  const shortest = new Map<string, TimedNode>();
  for (const node of runs.flat()) {
    const known = shortest.get(node.name);
    if (!known || node.microseconds < known.microseconds) shortest.set(node.name, node);
  }
  const types = new Map<string, { count: number; milliseconds: number }>();
  for (const { type, microseconds } of shortest.values()) {
    const { count, milliseconds } = types.get(type) ?? { count: 0, milliseconds: 0 };
    types.set(type, { count: count + 1, milliseconds: milliseconds + microseconds / 1000 });
  }
  const sorted = [...types].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  const line = (type: string, count: number, milliseconds: number) =>
    `| ${type} | ${count} | ${milliseconds.toFixed(3)} |`;
  const total = sorted.reduce((sum, [, { milliseconds }]) => sum + milliseconds, 0);
  return [
    "| operation | a step | ms of CPU a step |",
    "|---|--:|--:|",
    ...sorted.slice(0, rows).map(([type, { count, milliseconds }]) => line(type, count, milliseconds)),
    line("all", shortest.size, total),
  ];
}
