import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { ThumbrankError } from "../base";

/** Rows to load, in one of COPY's formats (PostgreSQL's manual, COPY, "File Formats"). */
export interface Load {
  /** Columns of the temporary table `staged`, such as "content jsonb". */
  columns: string;
  format: "text" | "binary";
  /** Called again if the connection is lost and the load starts over. */
  rows: () => Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;
}

/** COPY, the fastest way to move rows into a server and out of it. */
export interface Bulk {
  /** Streams the rows of a query with one column, in text format. */
  unload(sql: string): AsyncIterable<Uint8Array>;
  /** Fills the temporary table `staged` and runs a statement on it, as one transaction. */
  load<Row>(load: Load, sql: string, values: unknown[]): Promise<Row[]>;
}

/** Retries after lost connections, and conversion to coded errors, for a pool's statements. */
export interface Guards {
  again<Result>(run: () => Promise<Result>): Promise<Result>;
  failed(thrown: unknown, sql: string): Error;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Start of COPY's binary format: signature, no flags, no extension. */
export const BINARY_HEAD = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
/** End of COPY's binary format. */
export const BINARY_TAIL = Buffer.from([0xff, 0xff]);

const FLOAT4_OID = 700;

/** Implements COPY on the connections of a pool. */
export function createBulk(pool: Pool, { again, failed }: Guards): Bulk {
  return {
    async *unload(sql) {
      const client = await again(() => pool.connect());
      let whole = false;
      try {
        for await (const chunk of client.query(copyTo(`copy (${sql}) to stdout`))) yield chunk as Uint8Array;
        whole = true;
      } catch (thrown) {
        throw failed(thrown, sql);
      } finally {
        // If the caller stopped early, the connection still has unread data and must be closed.
        client.release(!whole);
      }
    },
    async load<Row>(load: Load, sql: string, values: unknown[]) {
      try {
        return await again(() => loaded<Row>(pool, load, sql, values));
      } catch (thrown) {
        // The source of the rows may have failed with a coded error of its own.
        throw thrown instanceof ThumbrankError ? thrown : failed(thrown, sql);
      }
    },
  };
}

async function loaded<Row>(pool: Pool, load: Load, sql: string, values: unknown[]): Promise<Row[]> {
  const client = await pool.connect();
  let whole = false;
  try {
    const rows = await staged<Row>(client, load, sql, values);
    whole = true;
    return rows;
  } finally {
    client.release(!whole);
  }
}

async function staged<Row>(
  client: PoolClient,
  { columns, format, rows: given }: Load,
  sql: string,
  values: unknown[],
): Promise<Row[]> {
  await client.query(`begin; create temporary table staged (${columns}) on commit drop`);
  await pipeline(given(), client.query(copyFrom(`copy staged from stdin (format ${format})`)));
  const { rows } = await client.query(sql, values);
  await client.query("commit");
  return rows as Row[];
}

/** A text as a line of COPY's text format, with backslashes, tabs and line ends escaped. */
export function copyLine(text: string): string {
  return `${text.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found)}\n`;
}

/** A tuple of a text and an array of float4 in COPY's binary format; the array as `array_recv` reads it. */
export function binaryRow(text: string, values: Float32Array): Buffer {
  const name = Buffer.from(text, "utf8");
  const arrayBytes = 20 + 8 * values.length;
  const row = Buffer.allocUnsafe(2 + 4 + name.length + 4 + arrayBytes);
  row.writeInt16BE(2, 0);
  row.writeInt32BE(name.length, 2);
  name.copy(row, 6);
  let at = 6 + name.length;
  // Length of the array, then its dimensions (1), no nulls, the type, the dimension's length and lower bound.
  for (const word of [arrayBytes, 1, 0, FLOAT4_OID, values.length, 1]) at = row.writeInt32BE(word, at);
  for (const value of values) at = row.writeFloatBE(value, row.writeInt32BE(4, at));
  return row;
}
