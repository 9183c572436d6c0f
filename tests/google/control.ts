import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { type Answer, json } from "./answer";
import type { Google } from "./google";
import type { GoogleOptions } from "./options";
import { bodyOf } from "./send";

const Advance = z.object({ ms: z.number() });
const At = z.object({ now: z.iso.datetime() });
const Changes = z.custom<GoogleOptions>((given) => typeof given === "object" && given !== null);

const ACTIONS: Record<string, (google: Google, given: unknown) => unknown> = {
  log: (google) => google.log.entries(),
  clearLog: (google) => google.log.clear(),
  ledger: (google) => google.quota.rows(),
  pictures: (google) => google.thumbnails.counts(),
  memory: () => ({
    rssBytes: process.memoryUsage().rss,
    cpuMs: Math.round(process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000),
  }),
  set: (google, given) => google.set(Changes.parse(given)),
  advance: (google, given) => google.clock.advance(Advance.parse(given).ms),
  clock: (google, given) => google.clock.set(At.parse(given).now),
  now: (google) => google.clock.now(),
  revokeAll: (google) => google.oauth.revokeAll(),
};

/** Answers /_control/ACTION: what tests ask and change; it is on a port of its own, over HTTP. */
export async function control(google: Google, request: IncomingMessage): Promise<Answer> {
  const action = ACTIONS[/^\/_control\/(\w+)$/.exec(request.url ?? "")?.[1] ?? ""];
  if (!action) return json({ error: `no such action: ${request.url}` }, 404);
  try {
    const body = await bodyOf(request);
    return json(action(google, body === "" ? {} : JSON.parse(body)) ?? null);
  } catch (thrown) {
    return json({ error: String(thrown) }, 400);
  }
}
