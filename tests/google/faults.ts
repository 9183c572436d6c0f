import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer";
import { type Fault, WIRE_FAULTS, type WireFault } from "./faultNames";
import type { Options } from "./options";
import { bitsOf, oneOf, uniformOf } from "./world/draw";

const SALT = { whether: 71, which: 72 };

/** Counts calls and says which of them fails, and how. */
export class Faults {
  readonly #counts = new Map<string, number>();

  /** The fault of the next call of a method: a scripted one, else one by rate. */
  next(method: string, { scripted, faultRate, faultSeed, faultKinds }: Options): Fault | undefined {
    const [all, own] = [this.#count("all"), this.#count(method)];
    const script = scripted.find(({ n, method: only, every }) => {
      const count = only === undefined ? all : only === method ? own : 0;
      return every ? count >= n : count === n;
    });
    if (script) return script.fault;
    if (uniformOf(faultSeed, SALT.whether, all) >= faultRate) return undefined;
    return oneOf(faultKinds, bitsOf(faultSeed, SALT.which, all));
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
