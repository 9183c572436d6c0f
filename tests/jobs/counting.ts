import { z } from "zod";
import type { Stage } from "../../lib/base/stages";
import { rowsOf } from "./rows";

/** A piece of the counting stage: a row that is to be counted once. */
export const CountingPiece = z.object({ row: z.number().int() });
export type CountingPiece = z.infer<typeof CountingPiece>;

/** Makes the table of the counting stage: rows 0, 1, ... */
export async function makeCounting(url: string, rows: number): Promise<void> {
  await rowsOf(url, "create table counted (row integer primary key, times integer not null default 0)");
  await rowsOf(url, "create table tried (row integer not null, pid integer not null, at timestamptz default now())");
  await rowsOf(url, "insert into counted select row from generate_series(0, $1 - 1) as row", [rows]);
}

/** Adds one to each row that is still at 0; what is pending is read from the table alone. */
export function countingStage(url: string): Stage<CountingPiece> {
  const pending = () => rowsOf<CountingPiece>(url, "select row from counted where times = 0 order by row");
  return {
    name: "count",
    concurrency: 1,
    count: async () => (await pending()).length,
    async *pending() {
      yield* await pending();
    },
    perform: ({ row }) => countRow(url, row),
  };
}

/** Counts a row; doing it again changes nothing. */
export async function countRow(url: string, row: number): Promise<number> {
  const counted = await rowsOf(url, "update counted set times = times + 1 where row = $1 and times = 0 returning row", [
    row,
  ]);
  return counted.length;
}

/** How often each row was counted. */
export async function timesCounted(url: string): Promise<number[]> {
  const rows = await rowsOf<{ times: number }>(url, "select times from counted order by row");
  return rows.map(({ times }) => times);
}
