import { ThumbrankError } from "../base";
import { BUILT_IN_ENCODERS, encoderFlags, GUIDE_ENCODERS } from "../config";
import { QUEUES, type QueueName } from "./queues";

/** Workers need a shared database, and none is set. */
export class JobsDatabaseMissing extends ThumbrankError {
  constructor() {
    super("JOBS_DATABASE_MISSING", {
      what: "workers share a PostgreSQL database, and DATABASE_URL is not set",
      next: "set DATABASE_URL to the database that all machines use (docs/WORKERS.md), or do the same work in one process: `thumbrank collect`, then `thumbrank embed`",
    });
  }
}

/** There is no queue of this name. */
export class QueueUnknown extends ThumbrankError {
  constructor(readonly given: string) {
    super("JOBS_QUEUE_UNKNOWN", {
      what: `there is no queue "${given}"`,
      next: `name one or more of ${QUEUES.join(", ")}, separated by commas`,
    });
  }
}

/** A worker of the embed queue was given no encoder. */
export class EncoderNotNamed extends ThumbrankError {
  constructor() {
    super("JOBS_ENCODER_NOT_NAMED", {
      what: "a worker of the queue embed must know its encoders",
      next: `name them: ${encoderFlags(GUIDE_ENCODERS)}, or the built-in ${encoderFlags(BUILT_IN_ENCODERS)}`,
    });
  }
}

/** The jobs' schema is missing or outdated, and this user may not create or update it. */
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

/** A job's data is not a piece that this version understands. */
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

/** Pieces of work failed in every attempt. */
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

/** Work is waiting for another day's quota. */
export class JobsPostponed extends ThumbrankError {
  /** EX_TEMPFAIL: not a failure, but not complete either. */
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
