import {
  SchemaMissing,
  StatementFailed,
  StatementTimedOut,
  StoreKeyRefused,
  StorePaused,
  StoreUnreachable,
} from "../errors";

/** What supabase-js gives instead of rows. */
export interface Failure {
  /** Of HTTP; 0 where no answer came. */
  status: number;
  /** SQLSTATE, or PostgREST's PGRST…; null if something in between failed. */
  code: string | null;
  message: string;
  details: string | null;
}

/** Where and at what a call failed, for the message. */
export interface Called {
  address: string;
  name: string;
  /** Takes what is secret out of a text. */
  redact: (text: string) => string;
}

const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Connections, resources, and a server that is going down or coming up; PostgREST's own of these. */
const PASSING = /^(08...|53...|57P0[1-3]|40001|40P01|55P03|PGRST00[0-3])$/;
const NO_SUCH_HOST = /ENOTFOUND|EAI_NONAME/;
const SCHEMA = /^(PGRST20[25]|42P01|42883)$/;
const REFUSED_KEY = /^PGRST30[0-3]$/;
export const TIMED_OUT = "57014";
const DENIED = "42501";
const LONGEST = 200;

/** Whether the same call may go well in a moment. All functions of the schema may be called twice. */
export function isPassing({ status, code, message, details }: Failure): boolean {
  if (status === 0) return !NO_SUCH_HOST.test(`${message} ${details ?? ""}`);
  if (code !== null && code !== "") return PASSING.test(code);
  return BUSY.has(status) || (status >= 520 && status < 530) || status < 300;
}

/** Whether fewer rows may go well: the statement ran out of time, or the body was too large. */
export function isTooMuch({ status, code }: Failure): boolean {
  return code === TIMED_OUT || status === 413;
}

/** A failure as a coded error. */
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

/** The first line of what was said; of a gateway's page, its title. */
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

/** supabase-js puts what the network said into the details: "Caused by: Error: getaddrinfo ENOTFOUND … (ENOTFOUND)". */
function networkReason(message: string, details: string): string {
  const cause = /Caused by: (?:\w+: )?(.*)/.exec(details)?.[1] ?? message;
  return NO_SUCH_HOST.test(details)
    ? `${cause}: there is no such host; the address is wrong, or the project was paused or deleted long ago`
    : cause.slice(0, LONGEST);
}
