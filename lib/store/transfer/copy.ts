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

/** Result of copying one table. */
export interface CopiedTable {
  table: string;
  /** Rows in the source and in the target. */
  from: number;
  to: number;
  /** Rows in chunks that differed and were written. */
  written: number;
  /** Checksums of all rows, 32 hexadecimal digits. */
  fromChecksum: string;
  toChecksum: string;
  equal: boolean;
}

const WHOLE = { after: null, upto: null };

/**
 * Copies every table of a store into another and compares both. Chunks that are already equal are skipped, so an
 * interrupted copy resumes where it stopped, and a repeated one changes nothing. Rows only in the target are kept.
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
