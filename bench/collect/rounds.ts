import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Random, random } from "../../lib/base/random";
import type { GoogleStandIn } from "../../tests/google/start";
import { type Ended, run } from "./run";
import { type Held, heldBy, type Place } from "./tables";

/** One collection from nothing to its end, however often it was killed. */
export interface Round extends Held {
  seconds: number;
  /** Of the largest process. */
  peakBytes: number;
  /** Calls as the stand-in counted them. */
  counted: Record<"search" | "units", number>;
  unitsPerThousandVideos: number;
  videosPerSecond: number;
}

export interface RoundOptions {
  google: GoogleStandIn;
  home: string;
  databaseUrl: string | undefined;
  key: string;
  args: readonly string[];
  /** Moments in ms of running at which the process is killed. */
  killsAtMs: readonly number[];
}

/** Collects until it is complete. @throws where the command line fails */
export async function round({ google, home, databaseUrl, key, args, killsAtMs }: RoundOptions): Promise<Round> {
  const since = new Date();
  const environment = {
    YOUTUBE_API_KEY: key,
    YOUTUBE_ROOT_URL: google.rootUrl,
    NODE_EXTRA_CA_CERTS: google.caFile,
    DATABASE_URL: databaseUrl ?? "",
  };
  const command = ["collect", ...args, "--data-dir", home, "--json"];
  const ends: Ended[] = [];
  for (const killAfterMs of [...killsAtMs, undefined]) {
    const ended = await run(command, environment, killAfterMs);
    ends.push(ended);
    const { code, seconds, peakBytes } = ended;
    console.log(
      `  ${code === null ? "killed" : `ended with ${code}`} after ${seconds.toFixed(1)} s, ${megabytes(peakBytes)}`,
    );
    if (code !== null && code !== 0) throw new Error(`thumbrank collect ended with ${code}`);
    if (code === 0) break;
  }
  const place: Place = { store: join(home, "data", "store"), databaseUrl };
  const held = await heldBy(place, since);
  const seconds = ends.reduce((sum, each) => sum + each.seconds, 0);
  await rm(home, { recursive: true, force: true });
  return {
    ...held,
    seconds,
    peakBytes: Math.max(...ends.map((each) => each.peakBytes)),
    ...(await spentOf(google, key, held, seconds)),
  };
}

async function spentOf(google: GoogleStandIn, key: string, { counts, ledger }: Held, seconds: number) {
  const project = google.options.apiKeys.find((each) => each.key === key)?.project;
  const rows = (await google.ledger()).filter((row) => row.project === project);
  const counted = { search: 0, units: 0, statistics: 0 };
  for (const { bucket, calls } of rows) counted[bucket] += calls;
  const units = ledger.filter(({ bucket }) => bucket === "units").reduce((sum, row) => sum + row.units, 0);
  const { stored, skipped, removed } = counts.videos;
  const videos = stored + skipped + removed;
  return { counted, unitsPerThousandVideos: (units / videos) * 1000, videosPerSecond: videos / seconds };
}

/** Gaps between so many random moments of a time. */
export function killTimes(count: number, totalMs: number, source: Random = random("bench collect")): number[] {
  const moments = Array.from({ length: count }, () => source.uniform() * totalMs).sort((a, b) => a - b);
  return moments.map((moment, at) => moment - (moments[at - 1] ?? 0));
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
