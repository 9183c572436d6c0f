import type { TimedNode } from "./metadata";

/**
 * A table by type of operation: how many a step has, and their milliseconds a step over all threads. Of each operation
 * the median over runs counts, so that what the machine did besides falls out.
 * @param rows most rows of the table
 */
export function profileTable(runs: readonly TimedNode[][], rows: number): string[] {
  const times = new Map<string, { type: string; all: number[] }>();
  for (const { name, type, microseconds } of runs.flat()) {
    const known = times.get(name) ?? { type, all: [] };
    known.all.push(microseconds);
    times.set(name, known);
  }
  const types = new Map<string, { count: number; milliseconds: number }>();
  for (const { type, all } of times.values()) {
    const { count, milliseconds } = types.get(type) ?? { count: 0, milliseconds: 0 };
    types.set(type, { count: count + 1, milliseconds: milliseconds + medianOf(all) / 1000 });
  }
  const sorted = [...types].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  const line = (type: string, count: number, milliseconds: number) =>
    `| ${type} | ${count} | ${milliseconds.toFixed(3)} |`;
  const total = sorted.reduce((sum, [, { milliseconds }]) => sum + milliseconds, 0);
  return [
    "| operation | a step | ms of CPU a step |",
    "|---|--:|--:|",
    ...sorted.slice(0, rows).map(([type, { count, milliseconds }]) => line(type, count, milliseconds)),
    line("all", times.size, total),
  ];
}

function medianOf(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
