import type { Bulk } from "./bulk";
import { StatementFailed } from "./errors";

/** A connection for SQL statements; each statement is one transaction. */
export interface SqlConnection {
  /** Human-readable location; never contains a password. */
  readonly description: string;
  /** COPY, if the database supports it. */
  readonly bulk?: Bulk;
  /**
   * Runs one statement with `$1`, `$2`, ... Rows are returned as the driver parses them: select bigints as float8.
   * @throws StatementFailed
   */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs many statements as one transaction.
   * @throws StatementFailed
   */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

const SHOWN_LENGTH = 80;

/** Converts what a driver threw to a coded error that shows the start of the statement. */
export function statementFailed(thrown: unknown, sql: string): StatementFailed {
  const { code, message, detail } = databaseError(thrown);
  const statement = sql.trim().replace(/\s+/g, " ");
  const shown = statement.length > SHOWN_LENGTH ? `${statement.slice(0, SHOWN_LENGTH)}…` : statement;
  return new StatementFailed(code, detail === null ? message : `${message}: ${detail}`, shown);
}

/** Code, message and detail of an error thrown by pg or PGlite. */
export function databaseError(thrown: unknown): { code: string | null; message: string; detail: string | null } {
  const fact = (name: string): string | null => {
    const value: unknown = typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
    return typeof value === "string" && value !== "" ? value : null;
  };
  return { code: fact("code"), message: fact("message") ?? String(thrown), detail: fact("detail") };
}
