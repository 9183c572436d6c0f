import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer";
import { type Fault, PAGE_FAULTS, type PageFault, WIRE_FAULTS, type WireFault } from "./fault-names";
import type { Options, Scripted } from "./options";
import { bitsOf, oneOf, uniformOf } from "./world/draw";

const SALT = { whether: 71, which: 72 };

/** What of a call says whether a fault is meant for it. */
export interface Asked {
  method: string;
  isLaterPage: boolean;
  /** Its playlist, or what it searches for. */
  about: string | undefined;
}

/** Faults that only a page after the first can have. */
const LATER_PAGES: readonly Fault[] = [
  "invalidPageToken",
  "playlistNotFound",
  "overlappingPage",
  "shrunkList",
  "repeatedToken",
  "cyclingToken",
];

/** Counts calls and says which of them fails, and how. */
export class Faults {
  readonly #counts = new Map<string, number>();

  /** The fault of the next call: a scripted one, else one by rate. */
  next(asked: Asked, { scripted, faultRate, faultSeed, faultKinds }: Options): Fault | undefined {
    const all = this.#count("all");
    // Each counts its own calls, whether another comes first or not.
    const [script] = scripted.filter((each, at) => isFor(each, asked, () => this.#count(`script ${at}`)));
    if (script) return script.fault;
    if (uniformOf(faultSeed, SALT.whether, all) >= faultRate) return undefined;
    const fault = oneOf(faultKinds, bitsOf(faultSeed, SALT.which, all));
    return asked.isLaterPage || !LATER_PAGES.includes(fault) ? fault : undefined;
  }

  /** Counts begin anew: a script's first call is the next. */
  reset(): void {
    this.#counts.clear();
  }

  #count(name: string): number {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count;
  }
}

/** Whether a script is for this call, which is counted where it could be. */
function isFor({ n, every, ...only }: Scripted, asked: Asked, count: () => number): boolean {
  if (only.method !== undefined && only.method !== asked.method) return false;
  if (only.isLaterPage !== undefined && only.isLaterPage !== asked.isLaterPage) return false;
  if (only.about !== undefined && only.about !== asked.about) return false;
  return every ? count() >= n : count() === n;
}

export const isOfPage = (fault: Fault | undefined): fault is PageFault => PAGE_FAULTS.some((name) => name === fault);
export const isOnWire = (fault: Fault): fault is WireFault => WIRE_FAULTS.some((name) => name === fault);

const PROXY_PAGE =
  "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";

/** Sends an answer that a fault spoils. */
export async function spoil(fault: WireFault, answer: Answer, response: ServerResponse, slowMs: number): Promise<void> {
  const whole = Buffer.from(answer.body);
  const half = whole.subarray(0, Math.max(1, whole.length >> 1));
  if (fault === "slow") {
    await sleep(slowMs, undefined, { ref: false });
    response.writeHead(answer.status, answer.headers).end(whole);
  } else if (fault === "proxyPage" || fault === "portalPage") {
    response.writeHead(fault === "proxyPage" ? 502 : 200, { "content-type": "text/html" }).end(PROXY_PAGE);
  } else if (fault === "truncatedJson") {
    response.writeHead(answer.status, { ...answer.headers, "content-length": half.length }).end(half);
  } else if (fault === "resetBefore") response.socket?.destroy();
  else cut(fault, answer, half, whole.length, response);
}

/** Half a body, then the connection ends: with its length announced and a close, or without and a reset. */
function cut(
  fault: "resetMiddle" | "cutBody",
  answer: Answer,
  half: Buffer,
  length: number,
  response: ServerResponse,
): void {
  const { socket } = response;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(fault === "cutBody" ? { "content-length": length } : {}),
  });
  response.write(half, () => (fault === "cutBody" ? socket?.end() : socket?.destroy()));
}
