/** What every coded error says: what failed, with the values, and what to do next. */
export interface ErrorFacts {
  /** What failed, with the values that made it fail. */
  what: string;
  /** What the reader should do now. */
  next: string;
  cause?: unknown;
}

/**
 * Base of all errors that users may see. A failure is a subclass in its own room that carries its facts;
 * each code has a row in docs/ERRORS.md (a test compares the two).
 */
export class ThumbrankError extends Error {
  readonly what: string;
  readonly next: string;
  /** What a command ends with that fails by it. */
  readonly exitCode: number = 1;

  constructor(
    readonly code: string,
    facts: ErrorFacts,
  ) {
    super(`${facts.what}. Next: ${facts.next}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = code;
    this.what = facts.what;
    this.next = facts.next;
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
