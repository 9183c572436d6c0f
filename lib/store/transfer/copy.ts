import type { Progress } from "../../base";
import type { Database } from "../database";
import {
  type Checksum,
  computeChecksum,
  EMPTY,
  listTables,
  plus,
  readChunks,
  same,
  type Table,
  toHex,
} from "./checksum";
import { moveRows } from "./rows";

/** One table of two stores after a copy. */
export interface CopiedTable {
  table: string;
  /** Rows of the one and the other. */
  from: number;
  to: number;
  /** Rows in parts that differed, and were written. */
  written: number;
  /** Of all rows, 32 hexadecimal digits. */
  fromChecksum: string;
  toChecksum: string;
  equal: boolean;
}

const WHOLE = { after: null, upto: null };

/**
 * Copies every table of a store into another and compares both. Parts that are equal already are left alone, so a copy
 * that was cut off continues where it was, and one that is whole changes nothing. Rows that only the other store has stay.
 * @throws what the stores' databases throw
 */
export async function* copyStore(from: Database, to: Database): AsyncGenerator<Progress, CopiedTable[]> {
  const copied: CopiedTable[] = [];
  const tables = await listTables(from);
  const moved: { table: Table; sum: Checksum; written: number }[] = [];
  for (const table of tables) moved.push({ table, ...(yield* copyTable(from, to, table)) });
  for (const { table, sum, written } of moved) {
    yield { stage: "compare", done: copied.length, total: tables.length };
    const found = await computeChecksum(to, table, WHOLE);
    const checksums = { fromChecksum: toHex(sum), toChecksum: toHex(found) };
    copied.push({ table: table.name, from: sum.rows, to: found.rows, written, ...checksums, equal: same(sum, found) });
  }
  yield { stage: "compare", done: tables.length, total: tables.length };
  return copied;
}

async function* copyTable(
  from: Database,
  to: Database,
  table: Table,
): AsyncGenerator<Progress, { sum: Checksum; written: number }> {
  const total = (await from.call<{ counted: number }>("count_rows", { of_table: table.name }))[0]?.counted ?? 0;
  let sum = EMPTY;
  let written = 0;
  for await (const chunk of readChunks(from, table, WHOLE)) {
    if (!same(chunk.sum, await computeChecksum(to, table, chunk))) {
      await moveRows(from, to, table, chunk);
      written += chunk.sum.rows;
    }
    sum = plus(sum, chunk.sum);
    yield { stage: `copy ${table.name}`, done: sum.rows, total: Math.max(total, sum.rows) };
  }
  return { sum, written };
}
