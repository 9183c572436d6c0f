import { isIPv6 } from "node:net";
import { unquoted } from "../base";
import { StoreLocationInvalid } from "./errors";

/** Address of a PostgreSQL database. */
export interface DatabaseAddress {
  /** A clean URL for pg and pg-boss; never shown, since it contains the password. */
  connectionString: string;
  /** Human-readable host, port and database, such as "PostgreSQL at db.example.org:5432/thumbrank". */
  description: string;
}

/**
 * User and password, host, port, database, parameters. However it is written, a password comes before the last "@" of
 * the text, and everything that may be shown comes after it.
 */
const URL_FORM =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?#]*)(?<password>:[^/?#]*)?@)?(?<host>\[[\da-f:.]+\]|%2f[\w.%~-]*|[\w.-]*)(?::(?<port>\d{0,5}))?(?:\/(?<database>[^/?#@\s]*))?(?:\?(?<parameters>[^#@\s]*))?$/i;
const CONTROL = /\p{Cc}/u;
/** Parts with other characters are not shown: the address was encoded wrongly, and they may contain the password. */
const SHOWN_HOST = /^(?:\/[\w./ ~-]*|[\w.-]*|\[?[\da-f:.]+\]?)$/i;
const SHOWN_DATABASE = /^[\p{L}\p{M}\p{N}_ .$+~-]*$/u;
const MOST_PORT = 65_535;

/**
 * Parses the address of a PostgreSQL database: a postgres:// URL as node-postgres accepts it, with sockets
 * (`?host=/folder`) and parameters. Strips surrounding blanks and quotes, and a leading `psql`.
 * @param name the environment variable that holds it, for the message
 * @throws StoreLocationInvalid naming the expected form; no part of the text is repeated
 */
export function databaseAddress(
  text: string,
  name = "DATABASE_URL",
  { PGHOST, PGPORT, PGDATABASE }: NodeJS.ProcessEnv = process.env,
): DatabaseAddress {
  const given = unquoted(text.trim().replace(/^psql\s+/, ""));
  const parts = CONTROL.test(given) ? undefined : URL_FORM.exec(given)?.groups;
  const { user = "", password = "", host = "", port = "", database = "", parameters = "" } = parts ?? {};
  const decoded = decodedAll([user, password.slice(1), host, database, parameters]);
  if (parts === undefined || decoded === null) throw addressInvalid(name);
  const query = new URLSearchParams(parameters);
  strictMode(query);
  const [userName = "", secret = "", hostName = "", databaseName = ""] = decoded;
  const login = `${encodeURIComponent(userName)}${password === "" ? "" : `:${encodeURIComponent(secret)}`}`;
  // node-postgres takes what the address omits from libpq's variables.
  const shownHost = query.get("host") || hostName || PGHOST || "localhost";
  const shownPort = query.get("port") || port || PGPORT || "5432";
  const shownDatabase = databaseName || PGDATABASE || "";
  const isShowable =
    SHOWN_HOST.test(shownHost) && isPort(shownPort) && SHOWN_DATABASE.test(shownDatabase) && !userName.includes(":");
  const isBroken = host.startsWith("[") && !isIPv6(host.slice(1, -1));
  if (!isShowable || isBroken || (port !== "" && !isPort(port))) throw addressInvalid(name);
  return {
    connectionString: `postgres://${login && `${login}@`}${host}${port && `:${port}`}/${database}${query.size > 0 ? `?${query}` : ""}`,
    description: `PostgreSQL at ${shownHost}:${shownPort}/${shownDatabase}`,
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= MOST_PORT;
}

function addressInvalid(name: string): StoreLocationInvalid {
  return new StoreLocationInvalid(
    `${name} is not of the form postgres://user:password@host:port/database (its value is not shown, since it may hold a password)`,
    `write ${name} in that form, with % / ? # @ and : in user and password percent-encoded: %25 %2F %3F %23 %40 %3A`,
  );
}

function decodedAll(texts: string[]): string[] | null {
  try {
    return texts.map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** node-postgres treats these modes as verify-full, and warns about each unless it is set explicitly. */
function strictMode(query: URLSearchParams): void {
  const mode = query.get("sslmode") ?? "";
  if (query.get("uselibpqcompat") !== "true" && /^(prefer|require|verify-ca)$/.test(mode))
    query.set("sslmode", "verify-full");
}
