import { isIPv6 } from "node:net";
import { unquoted } from "../base";
import { StoreLocationInvalid } from "./errors";

/** Where a PostgreSQL database is. */
export interface DatabaseAddress {
  /** A clean URL for pg and pg-boss; never shown, for it holds the password. */
  connectionString: string;
  /** Host, port and database for people, such as "PostgreSQL at db.example.org:5432/thumbrank". */
  description: string;
}

/**
 * User and password, host, port, database, parameters. Whatever its spelling, a password comes before the text's last
 * "@", and nothing that is shown does.
 */
const URL_FORM =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?#]*)(?<password>:[^/?#]*)?@)?(?<host>\[[\da-f:.]+\]|%2f[\w.%~-]*|[\w.-]*)(?::(?<port>\d{0,5}))?(?:\/(?<database>[^/?#@\s]*))?(?:\?(?<parameters>[^#@\s]*))?$/i;
const CONTROL = /\p{Cc}/u;
/** What may be shown: with other characters in it, a part comes from an address that was encoded wrongly, password and all. */
const SHOWN_HOST = /^(?:\/[\w./ ~-]*|[\w.-]*|\[?[\da-f:.]+\]?)$/i;
const SHOWN_DATABASE = /^[\p{L}\p{M}\p{N}_ .$+~-]*$/u;
const MOST_PORT = 65_535;

/**
 * Reads the address of a PostgreSQL database: a postgres:// URL as node-postgres takes it, with sockets (`?host=/folder`)
 * and parameters. Blanks and quotes around it, and `psql` before it, are taken off.
 * @param name the variable that holds it, for the message
 * @throws StoreLocationInvalid saying what form is expected; nothing of the text is repeated
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
  // What the address leaves out node-postgres takes from libpq's variables.
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

/** What node-postgres takes these modes for; it warns of each until it is told so. */
function strictMode(query: URLSearchParams): void {
  const mode = query.get("sslmode") ?? "";
  if (query.get("uselibpqcompat") !== "true" && /^(prefer|require|verify-ca)$/.test(mode))
    query.set("sslmode", "verify-full");
}
