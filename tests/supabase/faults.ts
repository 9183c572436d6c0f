import { pgrst, Refusal } from "./refusal";

const page = (title: string, server: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`;
const html = (status: number, title: string) =>
  new Refusal(status, page(`${status} ${title}`, "cloudflare"), { "Content-Type": "text/html" });
const plain = (status: number, text: string) => new Refusal(status, text, { "Content-Type": "text/plain" });

const REFUSALS = {
  "502": () => html(502, "Bad Gateway"),
  "503": () => html(503, "Service Temporarily Unavailable"),
  "504": () => html(504, "Gateway Time-out"),
  "520": () => html(520, "Web server is returning an unknown error"),
  "522": () => html(522, "Connection timed out"),
  "429": () => new Refusal(429, { message: "Too many requests" }, { "Retry-After": "1" }),
  upstream: () => new Refusal(504, { message: "The upstream server is timing out" }),
  PGRST000: () => pgrst(503, "PGRST000", "Database connection error.", "connection to server failed"),
  PGRST001: () =>
    pgrst(503, "PGRST001", "Database client error. Retrying the connection.", "no connection to the server"),
  PGRST002: () => pgrst(503, "PGRST002", "Could not query the database for the schema cache. Retrying."),
  PGRST003: () => pgrst(504, "PGRST003", "Timed out acquiring connection from connection pool."),
};

/** A fault: an answer that is none, `reset` (the connection breaks before), or `lost` (it breaks after the work is done). */
export type Fault = keyof typeof REFUSALS | "reset" | "lost";

/** What a fault answers; null where it answers nothing. */
export function refusalOf(fault: Fault): Refusal | null {
  return fault === "reset" || fault === "lost" ? null : REFUSALS[fault]();
}

/** Every request's answer while the project is paused. */
export function paused(): Refusal {
  return plain(540, "Project paused. Please unpause the project before proceeding.");
}

/** 413 and 414 of the proxy in front. */
export function tooLarge(part: "body" | "url"): Refusal {
  return part === "body" ? html(413, "Request Entity Too Large") : html(414, "Request-URI Too Large");
}
