/** The facts that every coded error carries. */
export interface ErrorFacts {
  /** What failed, with the values that made it fail. */
  what: string;
  /** What the user should do now. */
  next: string;
  cause?: unknown;
}

/**
 * Base of all errors that users may see. Each failure is a subclass in its own room and carries its facts; each code
 * has a row in docs/ERRORS.md (a test compares the two).
 */
export class ThumbrankError extends Error {
  readonly what: string;
  readonly next: string;
  /** Exit code of a command that fails with it. */
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

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The disk, or this user's share of it, is full. */
export class DiskFull extends ThumbrankError {
  /** @param where the file or folder that was being written, if known */
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

/** A file or folder that the file system makes unusable, or that is of the wrong kind. */
export class FileUnusable extends ThumbrankError {
  /**
   * @param where its path, if known
   * @param why such as "it is a folder, where a file belongs"
   */
  constructor(
    readonly where: string | null,
    why: string,
    cause?: unknown,
  ) {
    super("FILE_UNUSABLE", {
      what: `${where ?? "a file"} cannot be used: ${why}`,
      next: "correct what is there, move it away, or take another folder with --data-dir; then the same command again",
      cause,
    });
  }
}

/** Plain-language reasons for error codes of the file system. */
const FILE_REASONS: Record<string, string> = {
  EACCES: "permission is denied",
  EBUSY: "something else is using it",
  EEXIST: "something else is there already",
  EINVAL: "the file system does not allow it",
  EIO: "the disk failed to read or write it",
  EISDIR: "it is a folder, where a file belongs",
  ELOOP: "its links lead in a circle",
  EMFILE: "this process has too many files open",
  ENAMETOOLONG: "its name is longer than the file system allows",
  ENFILE: "the system has too many files open",
  ENODEV: "it is a device, where a file belongs",
  ENOENT: "it does not exist, and cannot be made there",
  ENOTDIR: "a file stands where a folder belongs",
  ENOTEMPTY: "it is a folder with something in it",
  ENXIO: "it is a pipe or device, where a file belongs",
  EPERM: "permission is denied",
  EROFS: "the disk is read-only",
  ESTALE: "the network disk no longer has it",
  ETXTBSY: "something is running it",
};
/** System calls on files. Sockets and processes fail with the same codes, so the call decides. */
const FILE_CALLS =
  /^(access|chmod|close|copyfile|f?datasync|fstat|fsync|ftruncate|link|l?stat|mkdir|mkdtemp|open|opendir|read|readlink|realpath|rename|rm|rmdir|scandir|statfs|symlink|truncate|unlink|utime|write)$/;
const FULL_CODE = /^(ENOSPC|EDQUOT|EFBIG|53100)$/;
const FULL_MESSAGE = /\b(ENOSPC|EDQUOT)\b|no space left on device|disk quota exceeded/i;

/**
 * Converts a thrown value to an error of a file or the disk; null if it is neither. A full disk is found at any depth
 * of the causes, whether a file or a database reports it; other file system errors only if no error of ours explains
 * them already.
 */
export function findFileError(thrown: unknown): DiskFull | FileUnusable | null {
  const full = findDiskFull(thrown);
  if (full !== null) return full;
  for (let at = thrown; at instanceof Error && !(at instanceof ThumbrankError); at = at.cause) {
    const reason = FILE_REASONS[readFact(at, "code") ?? ""];
    if (reason !== undefined && FILE_CALLS.test(readFact(at, "syscall") ?? ""))
      return new FileUnusable(readFact(at, "dest") ?? readFact(at, "path"), reason, at);
  }
  return null;
}

function findDiskFull(thrown: unknown): DiskFull | null {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    const isFull = FULL_CODE.test(readFact(at, "code") ?? "") || FULL_CODE.test(readFact(at, "sqlState") ?? "");
    if (isFull || FULL_MESSAGE.test(at.message))
      return new DiskFull(readFact(at, "path") ?? readFact(at, "folder"), at);
  }
  return null;
}

/** The code of an error of Node or the system, such as "ENOENT"; null for anything else that was thrown. */
export function errorCode(thrown: unknown): string | null {
  return thrown instanceof Error ? readFact(thrown, "code") : null;
}

function readFact(error: Error, name: string): string | null {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : null;
}
