// npm run bench workers [-- --channels 250 --per-channel 60 --kill-seconds 4 --rates 1,2,4 --rate-channels 40 --faults 0.01 --json FILE]
// Collecting from the stand-in of Google's APIs and embedding by worker processes that share a PostgreSQL: once by one
// process, once by four workers of which one is killed every few seconds. Both must leave the same tables and vectors,
// within the day's quota. Before, without kills and smaller: pieces a second by 1, 2 and 4 workers.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CollectSettings } from "../lib/config/collect";
import { startGoogle } from "../tests/google/start";
import { startPostgres } from "../tests/store/postgres";
import { conclude, count } from "./long/verdict";
import { loadOf, warningOf } from "./side-by-side/machine";
import { failuresOf, type Left, leftBy, unitsSent } from "./workers/judge";
import { alone, type Place, type Round, shared } from "./workers/round";

const NOW = "2026-11-02T20:00:00Z";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      channels: { type: "string", default: "250" },
      "per-channel": { type: "string", default: "60" },
      "kill-seconds": { type: "string", default: "4" },
      rates: { type: "string", default: "1,2,4" },
      "rate-channels": { type: "string", default: "40" },
      faults: { type: "string", default: "0.01" },
      json: { type: "string" },
    },
  });
  const channels = count("channels", values.channels);
  const perChannel = count("per-channel", values["per-channel"]);
  const rateChannels = count("rate-channels", values["rate-channels"]);
  const killMs = Number(values["kill-seconds"]) * 1000;
  const load = await loadOf();
  const warning = warningOf(load);
  if (warning) console.error(warning);

  const rates: { workers: number; round: Round }[] = [];
  for (const workers of values.rates.split(",").map(Number).filter(Boolean)) {
    const { rounds } = await among([workers], rateChannels, perChannel, 0, Number.POSITIVE_INFINITY);
    for (const { round } of rounds) rates.push({ workers, round });
  }
  const { rounds, failures } = await among([0, 4], channels, perChannel, Number(values.faults), killMs);
  const stored = rounds[0]?.left.counts.videos.stored ?? 0;
  const settings = { channels, perChannel, killMs, faults: Number(values.faults), rateChannels };
  const check = `${stored} videos of ${channels} channels by 4 workers, one killed every ${killMs / 1000} s`;
  await conclude({ check, settings, facts: { load, rates, rounds }, failures }, values.json);
}

interface Judged {
  name: string;
  round: Round;
  left: Left;
}

/** Rounds of one world, each with a database, a home and a key of its own; 0 workers is one process. */
async function among(
  sizes: readonly number[],
  channels: number,
  perChannel: number,
  faults: number,
  killMs: number,
): Promise<{ rounds: Judged[]; failures: string[] }> {
  const settings = CollectSettings.parse({ channels, perChannel });
  const world = { channels: Math.ceil(channels * 1.6), videosPerChannel: Math.ceil(perChannel * 2.9) };
  const apiKeys = sizes.map((size) => ({ key: `key-of-${size}`, project: `10000000000${size}` }));
  const google = await startGoogle({ world, apiKeys, now: NOW });
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const server = await startPostgres();
  if (server === null) throw new Error("there is no PostgreSQL here");
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  const rounds: Judged[] = [];
  const failures: string[] = [];
  try {
    for (const [at, size] of sizes.entries()) {
      if (at > 0) await google.set({ faultRate: faults, pictureFaultRate: faults });
      const since = new Date();
      const { key = "", project = "" } = apiKeys[at] ?? {};
      const place: Place = { google, key, url: await server.createDatabase(), home: join(folder, key), settings };
      const round = await (size === 0 ? alone(place) : shared(place, size, killMs));
      const left = await leftBy(place.url, since);
      const name = size === 0 ? "one process" : `${size} workers`;
      show(name, round, left);
      const truth = rounds[0]?.left ?? left;
      failures.push(...failuresOf(name, left, truth, await unitsSent(google, project), settings.unitsLimit));
      rounds.push({ name, round, left });
    }
    return { rounds, failures };
  } finally {
    await google.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function show(name: string, round: Round, { counts, vectorCount }: Left): void {
  console.log(`${name}: ${counts.videos.stored} videos, ${counts.pictures.kept} pictures, ${vectorCount} vectors`);
  for (const [part, { seconds, pieces, killed }] of Object.entries(round)) {
    const rate = pieces === 0 ? "" : `, ${pieces} pieces, ${(pieces / seconds).toFixed(1)} pieces/s`;
    console.log(`  ${part}: ${seconds.toFixed(1)} s${rate}${killed > 0 ? `, ${killed} workers killed` : ""}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
