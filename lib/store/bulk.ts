import { pipeline } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

/** COPY: rows in PostgreSQL's text format, a line each, by the fastest way in and out of a server. */
export interface Bulk {
  /** The one column of a query's rows. */
  unload(sql: string): AsyncIterable<Uint8Array>;
  /**
   * Fills the temporary table `staged` and runs a statement on it, as one transaction.
   * @param columns of `staged`, such as "content jsonb"
   */
  load<Row>(columns: string, lines: AsyncIterable<Uint8Array | string>, sql: string, values: unknown[]): Promise<Row[]>;
}

/** COPY over connections of a pool. @param failed makes a coded error of what was thrown at a statement */
export function bulkOf(pool: Pool, failed: (thrown: unknown, sql: string) => Error): Bulk {
  return {
    async *unload(sql) {
      const client = await pool.connect();
      let whole = false;
      try {
        for await (const chunk of client.query(copyTo(`copy (${sql}) to stdout`))) yield chunk as Uint8Array;
        whole = true;
      } catch (thrown) {
        throw failed(thrown, sql);
      } finally {
        // Of a stream that was left in its midst the connection still has the rest.
        client.release(!whole);
      }
    },
    async load<Row>(columns: string, lines: AsyncIterable<Uint8Array | string>, sql: string, values: unknown[]) {
      const client = await pool.connect();
      try {
        const rows = await staged<Row>(client, columns, lines, sql, values);
        client.release();
        return rows;
      } catch (thrown) {
        client.release(true);
        throw failed(thrown, sql);
      }
    },
  };
}

async function staged<Row>(
  client: PoolClient,
  columns: string,
  lines: AsyncIterable<Uint8Array | string>,
  sql: string,
  values: unknown[],
): Promise<Row[]> {
  await client.query(`begin; create temporary table staged (${columns}) on commit drop`);
  await pipeline(lines, client.query(copyFrom("copy staged from stdin")));
  const { rows } = await client.query(sql, values);
  await client.query("commit");
  return rows as Row[];
}

/** A value as a line of COPY's text format, which writes backslashes and what ends lines with a backslash. */
export function copyLine(value: string): string {
  const escaped = value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found);
  return `${escaped}\n`;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
