import type { Database } from "../database";

/** A table of the schema. */
export interface Table {
  name: string;
  /** Number of rows that take about 1 MB. */
  page: number;
}

/** Checksum of a range of a table: equal checksums mean equal rows, on any two stores. */
export interface Checksum {
  rows: number;
  /** Sums of the halves of the rows' MD5s, so that the checksums of parts add up, whatever their sizes. */
  high: bigint;
  low: bigint;
}

/** Rows after one key and up to another, both as `checksum_after` returns them; null: from the first, to the last. */
export interface Range {
  after: string | null;
  upto: string | null;
}

interface ChecksumRow {
  last: string | null;
  counted: number;
  high: string;
  low: string;
}

const PAGES_A_CHUNK = 10;
const HALF = 64;

export const EMPTY: Checksum = { rows: 0, high: 0n, low: 0n };

/** All tables of a store; tables come before those that refer to them. */
export function listTables(database: Database): Promise<Table[]> {
  return database.call<Table>("store_tables");
}

/** Splits a range into chunks of about 10 MB, each with its checksum. */
export async function* readChunks(
  database: Database,
  { name, page }: Table,
  { after, upto }: Range,
): AsyncGenerator<Range & { sum: Checksum }> {
  for (let from = after; ; ) {
    const asked = { of_table: name, after: from, upto, size: page * PAGES_A_CHUNK };
    const [row] = await database.call<ChecksumRow>("checksum_after", asked);
    if (row === undefined || row.last === null) return;
    yield { after: from, upto: row.last, sum: { rows: row.counted, high: BigInt(row.high), low: BigInt(row.low) } };
    from = row.last;
  }
}

export async function computeChecksum(database: Database, table: Table, range: Range): Promise<Checksum> {
  let sum = EMPTY;
  for await (const chunk of readChunks(database, table, range)) sum = plus(sum, chunk.sum);
  return sum;
}

export function plus(one: Checksum, other: Checksum): Checksum {
  return { rows: one.rows + other.rows, high: one.high + other.high, low: one.low + other.low };
}

export function same(one: Checksum, other: Checksum): boolean {
  return one.rows === other.rows && one.high === other.high && one.low === other.low;
}

/** Formats a checksum as 32 hexadecimal digits. */
export function toHex({ high, low }: Checksum): string {
  return [high, low]
    .map((half) =>
      BigInt.asUintN(HALF, half)
        .toString(16)
        .padStart(HALF / 4, "0"),
    )
    .join("");
}
