import type { FastifyReply, FastifyRequest } from "fastify";
import { ClientGone, DeadlinePassed, OriginRefused, RequestTooLarge, RequestTooSlow, ServiceBusy } from "./errors";

/** Bodies in memory at once take at most this, or one body if that may be larger. */
const BODIES_BYTES = 256 * 2 ** 20;

/** Bounds the memory of bodies that are being received or used. */
export class BodyBudget {
  readonly #mostBytes: number;
  #takenBytes = 0;

  /** @param bodyBytes the largest body */
  constructor(private readonly bodyBytes: number) {
    this.#mostBytes = Math.max(BODIES_BYTES, bodyBytes);
  }

  /**
   * Reserves room for a request's body until its response is closed.
   * @throws RequestTooLarge, ServiceBusy
   */
  reserve(request: FastifyRequest, reply: FastifyReply): void {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    const sizeBytes = encoding === undefined ? Number(length ?? 0) : this.bodyBytes;
    if (sizeBytes > this.bodyBytes)
      throw new RequestTooLarge(`the request has more than ${this.bodyBytes / 2 ** 20} MB`);
    if (this.#takenBytes + sizeBytes > this.#mostBytes) throw new ServiceBusy();
    this.#takenBytes += sizeBytes;
    reply.raw.once("close", () => {
      this.#takenBytes -= sizeBytes;
    });
  }
}

declare module "fastify" {
  interface FastifyRequest {
    /** Aborts when the client has gone, or with DeadlinePassed. Fastify's own `signal` aborts when the body has been read. */
    ended: AbortSignal;
  }
}

/** Makes a request's `ended`. */
export function watchEnd(reply: FastifyReply, deadlineMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlinePassed()), deadlineMs);
  reply.raw.once("close", () => {
    clearTimeout(timer);
    controller.abort(new ClientGone());
  });
  return controller.signal;
}

const SLOW_CHECK_MS = 5000;
const LEAST_BYTES = 20_000;

/** Ends requests whose body arrives at less than 4 kB a second, so that they do not hold memory. */
export function refuseSlowBody(request: FastifyRequest, reply: FastifyReply): void {
  let received = request.socket.bytesRead;
  const timer = setInterval(() => {
    if (request.raw.complete || reply.sent) return clearInterval(timer);
    const now = request.socket.bytesRead;
    if (now - received >= LEAST_BYTES) {
      received = now;
      return;
    }
    clearInterval(timer);
    reply.raw.once("finish", () => request.raw.destroy());
    void reply.send(new RequestTooSlow());
  }, SLOW_CHECK_MS);
  timer.unref();
  reply.raw.once("close", () => clearInterval(timer));
}

/**
 * Refuses what a web page elsewhere makes a browser send: requests with a foreign origin and, in a service that only this
 * machine reaches, with the name of another host (DNS rebinding).
 * @param allowed origins whose pages may call the service
 * @throws OriginRefused
 */
export function refuseForeignPages(
  { headers }: FastifyRequest,
  allowed: readonly string[],
  onlyThisMachine: boolean,
): void {
  const { origin, host = "" } = headers;
  if (onlyThisMachine && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)) throw new OriginRefused();
  if (origin === undefined || allowed.includes(origin)) return;
  if (origin !== `http://${host}` && origin !== `https://${host}`) throw new OriginRefused();
}
