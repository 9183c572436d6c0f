// npm run bench collect [-- --channels 1500 --per-channel 134 --kills 10 --faults 0.01 --pictures --postgres --json FILE]
// The guide's collection against the stand-in of Google's APIs, which runs in a process of its own: once undisturbed,
// once with faults and killed at random moments. Both must leave the same tables, within one day's quota.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startGoogle } from "../tests/google/start";
import { GUIDE_WORLD } from "../tests/google/world";
import { startPostgres } from "../tests/store/postgres";
import { failuresOf } from "./collect/judge";
import { killTimes, megabytes, type Round, round } from "./collect/rounds";
import { conclude, count } from "./long/verdict";
import { loadOf, warningOf } from "./side-by-side/machine";

const NOW = "2026-11-02T20:00:00Z";
const KEYS = [
  { key: "undisturbed-key", project: "100000000001" },
  { key: "disturbed-key", project: "100000000002" },
] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      channels: { type: "string", default: "1500" },
      "per-channel": { type: "string", default: "134" },
      kills: { type: "string", default: "10" },
      faults: { type: "string", default: "0.01" },
      pictures: { type: "boolean", default: false },
      postgres: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const channels = count("channels", values.channels);
  const perChannel = count("per-channel", values["per-channel"]);
  const kills = count("kills", values.kills);
  const faults = Number(values.faults);
  const load = await loadOf();
  const warning = warningOf(load);
  if (warning) console.error(warning);
  const settings = { channels, perChannel, kills, faults, pictures: values.pictures, postgres: values.postgres };
  const { undisturbed, disturbed } = await rounds(settings);
  show("undisturbed", undisturbed);
  show(`with faults, killed ${kills} times`, disturbed);
  const failures = failuresOf(undisturbed, disturbed, "peak memory of the collector");
  const check = `${undisturbed.counts.videos.stored} videos of ${channels} channels on ${values.postgres ? "PostgreSQL" : "PGlite"}`;
  await conclude({ check, settings, facts: { load, undisturbed, disturbed }, failures }, values.json);
}

interface Settings {
  channels: number;
  perChannel: number;
  kills: number;
  faults: number;
  pictures: boolean;
  postgres: boolean;
}

async function rounds(settings: Settings): Promise<{ undisturbed: Round; disturbed: Round }> {
  const { channels, perChannel, kills, faults } = settings;
  const share = channels / 1500;
  // The mean leaves room above what is wanted of a channel, so that most have as many.
  const world = { channels: Math.ceil(GUIDE_WORLD.channels * share), videosPerChannel: Math.ceil(perChannel * 2.9) };
  const google = await startGoogle({ world, apiKeys: [...KEYS], now: NOW });
  const server = settings.postgres ? await startPostgres() : null;
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  const args = ["--channels", String(channels), "--per-channel", String(perChannel)];
  const all = settings.pictures ? args : [...args, "--no-pictures"];
  const collected = async (name: string, key: string, killsAtMs: number[]) => {
    console.log(`${name}:`);
    const databaseUrl = await server?.createDatabase();
    return round({ google, home: join(folder, key), databaseUrl, key, args: all, killsAtMs });
  };
  try {
    const undisturbed = await collected("undisturbed", KEYS[0].key, []);
    await google.set({ faultRate: faults, pictureFaultRate: faults });
    const times = killTimes(kills, undisturbed.seconds * 1000);
    const disturbed = await collected("with faults and kills", KEYS[1].key, times);
    return { undisturbed, disturbed };
  } finally {
    await google.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function show(name: string, { counts, seconds, peakBytes, counted, ...round }: Round): void {
  const { stored, skipped, removed } = counts.videos;
  console.log(`${name}: ${stored} videos stored, ${skipped + removed} left out, ${counts.pictures.kept} pictures`);
  console.log(
    `  ${counted.search} searches and ${counted.units} units sent, ${round.unitsPerThousandVideos.toFixed(1)} units per 1,000 videos`,
  );
  console.log(`  ${seconds.toFixed(0)} s, ${round.videosPerSecond.toFixed(0)} videos/s, peak ${megabytes(peakBytes)}`);
  for (const { day, bucket, units } of round.ledger) if (units > 0) console.log(`  ledger ${day} ${bucket}: ${units}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
