import {
  SchemaMissing,
  StatementFailed,
  StatementTimedOut,
  StoreKeyRefused,
  StorePaused,
  StoreUnreachable,
} from "../errors";

/** What supabase-js returns instead of rows. */
export interface Failure {
  /** HTTP status; 0 if there was no answer. */
  status: number;
  /** SQLSTATE, or PostgREST's PGRST…; null if a gateway or the network failed. */
  code: string | null;
  message: string;
  details: string | null;
}

/** Database and function of a failed call, for the message. */
export interface Called {
  address: string;
  name: string;
  /** Removes secrets from a text. */
  redact: (text: string) => string;
}

const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Lost connections, exhausted resources, a server that is stopping or starting, and PostgREST's codes for these. */
const PASSING = /^(08...|53...|57P0[1-3]|40001|40P01|55P03|PGRST00[0-3])$/;
const NO_SUCH_HOST = /ENOTFOUND|EAI_NONAME/;
const SCHEMA = /^(PGRST20[25]|42P01|42883)$/;
const REFUSED_KEY = /^PGRST30[0-3]$/;
export const TIMED_OUT = "57014";
const DENIED = "42501";
const LONGEST = 200;

/** Whether the same call may succeed if repeated shortly. All functions of the schema are safe to call twice. */
export function isPassing({ status, code, message, details }: Failure): boolean {
  if (status === 0) return !NO_SUCH_HOST.test(`${message} ${details ?? ""}`);
  if (code !== null && code !== "") return PASSING.test(code);
  return BUSY.has(status) || (status >= 520 && status < 530) || status < 300;
}

/** Whether the call may succeed with fewer rows: the statement timed out, or the body was too large. */
export function isTooMuch({ status, code }: Failure): boolean {
  return code === TIMED_OUT || status === 413;
}

/** Converts a failure to a coded error. */
export function toStoreError(failure: Failure, { address, name, redact }: Called): Error {
  const { status, code } = failure;
  const reason = redact(describeReason(failure));
  if (status === 540 || /project (is )?paused/i.test(failure.message)) return new StorePaused(address);
  if (code !== null && SCHEMA.test(code)) return new SchemaMissing(address);
  if (code === TIMED_OUT) return new StatementTimedOut(address, name, reason);
  if (code === DENIED) return new StoreKeyRefused(address, reason);
  if (status === 401 || status === 403 || (code !== null && REFUSED_KEY.test(code))) {
    return new StoreKeyRefused(address, reason);
  }
  if (status === 0 || isPassing(failure) || status === 404) return new StoreUnreachable(address, reason);
  return new StatementFailed(code, reason, name);
}

/** The message on one line and shortened; for a gateway's HTML page, its title. */
function describeReason({ status, message, details }: Failure): string {
  if (status === 0) return networkReason(message, details ?? "");
  const text = /<title>(.*?)<\/title>/is.exec(message)?.[1] ?? message;
  const said = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const shown = said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said;
  return details === null || details === "" ? shown || `HTTP status ${status}` : `${shown}: ${details}`;
}

/** supabase-js puts the network error into `details`: "Caused by: Error: getaddrinfo ENOTFOUND … (ENOTFOUND)". */
function networkReason(message: string, details: string): string {
  const cause = /Caused by: (?:\w+: )?(.*)/.exec(details)?.[1] ?? message;
  return NO_SUCH_HOST.test(details)
    ? `${cause}: there is no such host; the address is wrong, or the project was paused or deleted long ago`
    : cause.slice(0, LONGEST);
}
