import type { Bulk } from "./bulk";

/** What a function of the schema may be given; objects and arrays become jsonb. */
export type Argument = string | number | boolean | null | Date | readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * The little that the store asks of a database: to call the functions of the schema. PGlite, PostgreSQL and Supabase are
 * each one. A call is one transaction.
 */
export interface Database {
  /** Where it lies, for people; never with a password or a key. */
  readonly description: string;
  /** Most rows that one call returns. */
  readonly pageRows: number;
  /** COPY, if there is one. */
  readonly bulk?: Bulk | undefined;
  /**
   * Calls a function of the schema by name with named arguments. Rows come as the driver parses them: instants as
   * `Date` or as text, bytes as `Uint8Array` or as PostgreSQL's hex text.
   * @throws StatementFailed
   */
  call<Row>(name: string, values?: Readonly<Record<string, Argument>>): Promise<Row[]>;
  /** Gives back the room of rewritten rows, if nobody else does. */
  vacuum(tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
