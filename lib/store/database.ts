import type { Bulk } from "./bulk";

/** An argument of a function of the schema; objects and arrays become jsonb. */
export type Argument = string | number | boolean | null | Date | readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * All that the store needs from a database: calling the functions of the schema, each call in one transaction.
 * Implemented for PGlite, PostgreSQL and Supabase.
 */
export interface Database {
  /** Human-readable location; never contains a password or key. */
  readonly description: string;
  /** Most rows that one call returns. */
  readonly pageRows: number;
  /** COPY, if the database supports it. */
  readonly bulk?: Bulk | undefined;
  /**
   * Calls a function of the schema with named arguments. Rows are returned as the driver parses them: instants as
   * `Date` or text, bytes as `Uint8Array` or PostgreSQL's hex text.
   * @throws StatementFailed
   */
  call<Row>(name: string, values?: Readonly<Record<string, Argument>>): Promise<Row[]>;
  /** Frees the space of rewritten rows, unless the server does so itself. */
  vacuum(tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
