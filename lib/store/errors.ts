import { ThumbrankError } from "../base";
import type { LockHolder } from "../files";

/** Another process has the store's folder open. */
export class StoreLocked extends ThumbrankError {
  /** Id of the process that holds the lock. */
  readonly pid: number;

  constructor({ folder, pid, host, lockFile }: LockHolder) {
    super("STORE_LOCKED", {
      what: `the store in ${folder} is in use by process ${pid} on ${host}`,
      next: `wait for that process or stop it; if the process that held the lock is gone, delete ${lockFile}; several processes at once need PostgreSQL (DATABASE_URL)`,
    });
    this.pid = pid;
  }
}

/** The folder of the store cannot be opened as a database. */
export class StoreUnreadable extends ThumbrankError {
  constructor(
    readonly folder: string,
    readonly reason: string,
  ) {
    super("STORE_UNREADABLE", {
      what: `the store in ${folder} cannot be opened: ${reason}`,
      next: "check free disk and permissions of that folder; if it is damaged, move it away and import again",
    });
  }
}

/** The database does not answer. */
export class StoreUnreachable extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly reason: string,
  ) {
    super("STORE_UNREACHABLE", {
      what: `${address} cannot be reached: ${reason}`,
      next: "check DATABASE_URL (Supabase: SUPABASE_URL), the network, and that the server runs and accepts connections; without these variables the store is a local folder",
    });
  }
}

/** The database refuses the connection: user, password, database name or permission to connect. */
export class StoreAccessDenied extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly reason: string,
  ) {
    super("STORE_ACCESS_DENIED", {
      what: `${address} refuses the connection: ${reason}`,
      next: reason.endsWith("no encryption")
        ? "add sslmode=require to the parameters of DATABASE_URL, if the server takes encrypted connections only; else correct user, password and database in it"
        : "correct user, password and database in DATABASE_URL (special characters of a password are percent-encoded)",
    });
  }
}

/** The database's certificate is not signed by a known authority. */
export class StoreCertificateUnknown extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly reason: string,
  ) {
    super("STORE_CERTIFICATE_UNKNOWN", {
      what: `${address} shows a certificate that cannot be verified: ${reason}`,
      next: "add sslrootcert=FILE, the certificate of its authority (hosts of PostgreSQL offer it for download), to the parameters of DATABASE_URL; sslmode=require verifies certificates too, as verify-full does; sslmode=no-verify encrypts without knowing to whom",
    });
  }
}

/** Supabase refuses the key, or the key's role lacks a privilege. */
export class StoreKeyRefused extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly reason: string,
  ) {
    super("STORE_KEY_REFUSED", {
      what: `${address} refuses the key: ${reason}`,
      next: "set SUPABASE_KEY to the project's secret key (sb_secret_…) or service_role key, from its settings under API Keys; if that is the one, have the owner run what `thumbrank store schema` prints again: it grants service_role what it needs",
    });
  }
}

/** The Supabase project is paused. */
export class StorePaused extends ThumbrankError {
  constructor(readonly address: string) {
    super("STORE_PAUSED", {
      what: `${address} is paused, as Supabase does with free projects that nobody uses for a week`,
      next: "restore it in Supabase's dashboard, which takes a few minutes, and repeat the command: nothing is lost",
    });
  }
}

/** The settings for the store's location are invalid. */
export class StoreLocationInvalid extends ThumbrankError {
  constructor(
    readonly reason: string,
    next: string,
  ) {
    super("STORE_LOCATION_INVALID", { what: reason, next });
  }
}

/** The tables do not exist, and this user may not create them. */
export class SchemaMissing extends ThumbrankError {
  constructor(readonly address: string) {
    super("STORE_SCHEMA_MISSING", {
      what: `${address} lacks Thumbrank's tables or functions, and this user may not create them`,
      next: "have its owner run what `thumbrank store schema` prints (Supabase: paste it into the SQL editor), or run `thumbrank store migrate` with the owner's DATABASE_URL",
    });
  }
}

/** The database has pending migrations, and this user or connection may not run them. */
export class SchemaOlder extends ThumbrankError {
  constructor(
    readonly address: string,
    /** Files of supabase/migrations. */
    readonly pending: string[],
  ) {
    super("STORE_SCHEMA_OLDER", {
      what: `${address} was made by an earlier version of this program: it lacks ${pending.length} migrations, the first ${pending[0]}`,
      next: "paste what `thumbrank store schema` prints into Supabase's SQL editor, or run `thumbrank store migrate` with the owner's DATABASE_URL: nothing stored is lost",
    });
  }
}

/** The database was migrated by a later version of this program. */
export class SchemaNewer extends ThumbrankError {
  constructor(
    readonly address: string,
    /** Migrations that this program does not know. */
    readonly unknown: string[],
  ) {
    super("STORE_SCHEMA_NEWER", {
      what: `${address} was migrated by a later version of this program: it has ${unknown.join(", ")}`,
      next: "update this program, or use another store",
    });
  }
}

/** A migration failed; all that ran with it were rolled back. */
export class MigrationFailed extends ThumbrankError {
  constructor(
    readonly address: string,
    /** File of supabase/migrations. */
    readonly migration: string,
    readonly reason: string,
  ) {
    super("STORE_MIGRATION_FAILED", {
      what: `${address} refused the migration ${migration}: ${reason}`,
      next: "the store is as it was; remove the cause (full disk, tables that somebody changed by hand) and repeat the command",
    });
  }
}

/** The database refused a statement; nothing of that statement's batch was stored. */
export class StatementFailed extends ThumbrankError {
  constructor(
    /** PostgreSQL's SQLSTATE; null if the failure came from elsewhere. */
    readonly sqlState: string | null,
    readonly reason: string,
    readonly statement: string,
  ) {
    super("STORE_STATEMENT_FAILED", {
      what: `the database refused "${statement}": ${reason}${sqlState === null ? "" : ` (SQLSTATE ${sqlState})`}`,
      next: "nothing of this step was stored; remove the cause (full disk, cancelled query, a value out of range) and repeat the command",
    });
  }
}

/** The database cancelled a statement that ran too long or waited too long for a lock; nothing was changed. */
export class StatementTimedOut extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly statement: string,
    readonly reason: string,
  ) {
    super("STORE_STATEMENT_TIMEOUT", {
      what: `${address} ended "${statement}" for taking too long: ${reason}`,
      next: "repeat the command: what was done is kept; on Supabase use DATABASE_URL for large work, where you set the time-out; on PostgreSQL raise THUMBRANK_STATEMENT_TIMEOUT_MS or THUMBRANK_LOCK_TIMEOUT_MS",
    });
  }
}

/** A server returned fewer rows than it counted, and the answer cannot be requested in pages. */
export class RowsMissing extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly statement: string,
    readonly given: number,
    readonly counted: number,
  ) {
    super("STORE_ROWS_MISSING", {
      what: `${address} gave ${given} of ${counted} rows of "${statement}"`,
      next: "raise the project's limit of rows in an answer (Supabase: settings, Data API, Max rows) to 1000",
    });
  }
}

/** A vector does not match its identity, or its video is unknown. */
export class EmbeddingRefused extends ThumbrankError {
  constructor(
    readonly videoId: string,
    readonly reason: string,
  ) {
    super("STORE_EMBEDDING_REFUSED", {
      what: `the embedding of video ${videoId} is refused: ${reason}`,
      next: "embed again with the encoder that the identity names, after importing the video",
    });
  }
}

/** Supabase's REST API does not accept SQL. */
export class QueryNeedsDatabase extends ThumbrankError {
  constructor() {
    super("STORE_QUERY_NEEDS_DATABASE", {
      what: "the store is Supabase's REST API, which does not accept SQL",
      next: "set DATABASE_URL to the project's connection string (dashboard: Connect), which takes precedence over SUPABASE_URL",
    });
  }
}

/** The store has no videos, and the command needs some. */
export class NoVideos extends ThumbrankError {
  constructor(store: string) {
    super("NO_VIDEOS", {
      what: `there are no videos yet in ${store}`,
      next: "import a table, collect, or draw the sample world (`thumbrank sample`)",
    });
  }
}

/** There are videos, but none of them is in a fold. */
export class NoPairs extends ThumbrankError {
  constructor() {
    super("NO_PAIRS", {
      what: "there are videos, but no pairs of them yet",
      next: "build pairs with `thumbrank pairs`",
    });
  }
}
