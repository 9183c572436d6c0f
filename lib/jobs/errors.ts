import { ThumbrankError } from "../base";
import { BUILT_IN_ENCODERS, encoderFlags, GUIDE_ENCODERS } from "../config";
import { QUEUES, type QueueName } from "./queues";

/** Workers have no database to share. */
export class JobsDatabaseMissing extends ThumbrankError {
  constructor() {
    super("JOBS_DATABASE_MISSING", {
      what: "workers share a PostgreSQL database, and DATABASE_URL is not set",
      next: "set DATABASE_URL to the database that all machines use (docs/WORKERS.md), or do the same work in one process: `thumbrank collect`, then `thumbrank embed`",
    });
  }
}

/** A queue that does not exist. */
export class QueueUnknown extends ThumbrankError {
  constructor(readonly given: string) {
    super("JOBS_QUEUE_UNKNOWN", {
      what: `there is no queue "${given}"`,
      next: `name one or more of ${QUEUES.join(", ")}, separated by commas`,
    });
  }
}

/** A worker that is to embed and does not know with what. */
export class EncoderNotNamed extends ThumbrankError {
  constructor() {
    super("JOBS_ENCODER_NOT_NAMED", {
      what: "a worker of the queue embed must know its encoders",
      next: `name them: ${encoderFlags(GUIDE_ENCODERS)}, or the built-in ${encoderFlags(BUILT_IN_ENCODERS)}`,
    });
  }
}

/** The jobs' schema is not there, and this user may not make it. */
export class JobsSchemaRefused extends ThumbrankError {
  constructor(
    readonly address: string,
    reason: string,
  ) {
    super("JOBS_SCHEMA_REFUSED", {
      what: `the schema of the jobs cannot be made or brought up to date in ${address}: ${reason}`,
      next: "let the database's owner run `thumbrank jobs` once, or grant this user CREATE on the database",
    });
  }
}

/** A job's data is no piece that this version knows. */
export class PieceUnreadable extends ThumbrankError {
  constructor(
    readonly queue: QueueName,
    reason: string,
  ) {
    super("JOBS_PIECE_UNREADABLE", {
      what: `a job of queue ${queue} holds nothing that this version understands: ${reason}`,
      next: `run the same version on all machines; then \`thumbrank jobs clear ${queue}\`, and enqueue again`,
    });
  }
}

/** Pieces of work that failed more often than they may. */
export class JobsFailed extends ThumbrankError {
  constructor(
    readonly queue: QueueName,
    readonly count: number,
    readonly reason: string,
  ) {
    super("JOBS_FAILED", {
      what: `${count} jobs of queue ${queue} failed in every attempt; the newest: ${reason}`,
      next: `\`thumbrank jobs\` lists them; remove the cause, then \`thumbrank jobs retry ${queue}\``,
    });
  }
}

/** Work that waits for the quota of another day. */
export class JobsPostponed extends ThumbrankError {
  /** EX_TEMPFAIL: no failure, but not complete either. */
  override readonly exitCode = 75;

  constructor(
    readonly queue: QueueName,
    readonly count: number,
    readonly until: Date,
  ) {
    super("JOBS_POSTPONED", {
      what: `${count} jobs of queue ${queue} are waiting for quota until ${until.toISOString()}`,
      next: "leave the workers running, or start them then; the same command continues with what is left",
    });
  }
}
