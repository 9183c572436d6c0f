import { ThumbrankError } from "../errors";

/** Another process writes in the store's folder. */
export class StoreLocked extends ThumbrankError {
  constructor(
    readonly folder: string,
    /** Of the process that holds the folder. */
    readonly pid: number,
    readonly host: string,
    lockFile: string,
  ) {
    super("STORE_LOCKED", {
      what: `the store in ${folder} is in use by process ${pid} on ${host}`,
      next: `wait for that process or stop it; if it is no Thumbrank process any more, delete ${lockFile}; several processes at once need PostgreSQL (DATABASE_URL)`,
    });
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
      next: "check DATABASE_URL and that the server runs and accepts connections; without DATABASE_URL the store is a local folder",
    });
  }
}

/** The database answers and refuses us: user, password, database name or permission to connect. */
export class StoreAccessDenied extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly reason: string,
  ) {
    super("STORE_ACCESS_DENIED", {
      what: `${address} refuses the connection: ${reason}`,
      next: "correct user, password and database in DATABASE_URL (special characters of a password are percent-encoded)",
    });
  }
}

/** The tables are not there and this user may not make them. */
export class SchemaMissing extends ThumbrankError {
  constructor(readonly address: string) {
    super("STORE_SCHEMA_MISSING", {
      what: `${address} lacks Thumbrank's tables, and this user may not create them`,
      next: "have its owner run what `thumbrank store schema` prints (Supabase: paste it into the SQL editor)",
    });
  }
}

/** The database was made by a later version of this program. */
export class SchemaNewer extends ThumbrankError {
  constructor(
    readonly address: string,
    readonly version: number,
    readonly known: number,
  ) {
    super("STORE_SCHEMA_NEWER", {
      what: `${address} has schema version ${version}, this program knows ${known}`,
      next: "update this program, or use another store",
    });
  }
}

/** The database refused a statement; nothing of that statement's batch was stored. */
export class StatementFailed extends ThumbrankError {
  constructor(
    /** PostgreSQL's SQLSTATE; null where the failure came from elsewhere. */
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

/** A vector that is not what its identity says, or of no known video. */
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
