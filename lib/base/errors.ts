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

/** The disk, or this user's share of it, is full. */
export class DiskFull extends ThumbrankError {
  /** @param where the file or folder that was being written, where it is known */
  constructor(
    readonly where: string | null,
    cause: unknown,
  ) {
    super("DISK_FULL", {
      what: `no space is left on the disk${where === null ? "" : ` for ${where}`}: ${cause instanceof ThumbrankError ? cause.what : messageOf(cause)}`,
      next: "free space there (`df -h` shows the disks), or choose another folder with --data-dir; what was stored before is kept, and the same command continues from there",
      cause,
    });
  }
}

const FULL_CODE = /^(ENOSPC|EDQUOT|EFBIG|53100)$/;
const FULL_MESSAGE = /\b(ENOSPC|EDQUOT)\b|no space left on device|disk quota exceeded/i;

/** A full disk as such, however deep in its causes a failure says so: as a file's or a database's; null for others. */
export function findDiskFull(thrown: unknown): DiskFull | null {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    const fact = (name: string): string | null => {
      const value: unknown = Reflect.get(at as Error, name);
      return typeof value === "string" ? value : null;
    };
    const isFull = FULL_CODE.test(fact("code") ?? "") || FULL_CODE.test(fact("sqlState") ?? "");
    if (isFull || FULL_MESSAGE.test(at.message)) return new DiskFull(fact("path") ?? fact("folder"), at);
  }
  return null;
}
