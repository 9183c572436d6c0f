// npx tsx bench/pairs.ts [--videos N] [--channels N] [--rounds N] [--json FILE]
// Pairs of 200,000 generated videos of 1,500 channels on PostgreSQL, beside a plain loop in Node over the same videos.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { PairOptions, QualityOptions, SplitOptions } from "../lib/config";
import { openStore, type Store } from "../lib/store";
import { startPostgres, type TestServer } from "../tests/store/postgres";
import { type Peaks, withPeaks } from "./pairs/memory";
import { askPeer, type PeerResult, pairsDigest } from "./pairs/messages";
import { generatedVideos } from "./pairs/world";

const CAP = 100;

interface Round {
  cap: number | null;
  seed: number;
  storeSeconds: number;
  storePairs: number;
  storePeaks: Peaks;
  readSeconds: number;
  peer: PeerResult;
  equal: boolean;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      videos: { type: "string", default: "200000" },
      channels: { type: "string", default: "1500" },
      rounds: { type: "string", default: "3" },
      json: { type: "string" },
    },
  });
  // As a careful owner runs it, not as tests do: with fsync.
  const server = await startPostgres(["fsync=on"]);
  if (server === null) throw new Error("this benchmark needs PostgreSQL");
  try {
    const report = await measure(server, Number(values.videos), Number(values.channels), Number(values.rounds));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await server.stop();
  }
}

async function measure(server: TestServer, videos: number, channels: number, rounds: number) {
  const databaseUrl = await server.createDatabase();
  const store = await openStore({ paths: { store: "" }, databaseUrl });
  const world = () => generatedVideos(videos, channels, 0);
  const imported = await withPeaks(server.pid, () => store.upsertVideos(world()));
  say(`import of ${videos} videos of ${channels} channels`, imported.seconds, imported.peaks);
  const again = await withPeaks(server.pid, () => store.upsertVideos(world()));
  say("the same import again", again.seconds, again.peaks);
  const results: Round[] = [];
  for (let seed = 1; seed <= rounds; seed++) results.push(await round(server, store, databaseUrl, CAP, seed));
  results.push(await round(server, store, databaseUrl, null, 0));
  await store.close();
  summarise(results.slice(0, rounds));
  return { videos, channels, importSeconds: imported.seconds, importAgainSeconds: again.seconds, rounds: results };
}

async function round(
  server: TestServer,
  store: Store,
  databaseUrl: string,
  cap: number | null,
  seed: number,
): Promise<Round> {
  const pairs = PairOptions.parse({ maxPairsPerChannel: cap });
  const options = { quality: QualityOptions.parse({}), splits: SplitOptions.parse({}), pairs, seed };
  const built = await withPeaks(server.pid, () => store.buildPairs(options));
  const storePairs = Object.values(built.result.folds).reduce((sum, fold) => sum + fold.pairs, 0);
  const name = cap === null ? "all pairs" : `at most ${cap} pairs of a channel and fold`;
  say(
    `${name}: rules, proxies, baselines, folds, pairs in the store (${storePairs} pairs)`,
    built.seconds,
    built.peaks,
  );
  const read = await withPeaks(server.pid, () => digest(store));
  say("  reading them all", read.seconds, read.peaks);
  const peer = await askPeer({ databaseUrl, options: pairs, seed });
  const equal = peer.pairs === storePairs && peer.digest === read.result;
  const memory = `${megabytes(peer.peakBytes)} MB in Node`;
  console.log(
    `  loop in Node, pairs alone, nothing stored: ${peer.loopSeconds.toFixed(2)} s after ${peer.readSeconds.toFixed(2)} s of reading videos, ${memory}; ${equal ? "the same pairs" : "OTHER PAIRS"}`,
  );
  if (!equal) process.exitCode = 1;
  const storePeaks = built.peaks;
  return { cap, seed, storeSeconds: built.seconds, storePairs, storePeaks, readSeconds: read.seconds, peer, equal };
}

async function digest(store: Store): Promise<number> {
  let sum = 0;
  for await (const pair of store.pairs()) sum = (sum + pairsDigest([pair])) >>> 0;
  return sum;
}

function summarise(rounds: Round[]): void {
  const store = median(rounds.map((result) => result.storeSeconds));
  const loop = median(rounds.map((result) => result.peer.loopSeconds + result.peer.readSeconds));
  console.log(
    `median of ${rounds.length}, capped: store ${store.toFixed(2)} s, loop with reading ${loop.toFixed(2)} s, store / loop ${(store / loop).toFixed(2)}`,
  );
}

function say(what: string, seconds: number, peaks: Peaks): void {
  const backend = peaks.backendBytes === null ? "" : `, ${megabytes(peaks.backendBytes)} MB in the server's process`;
  console.log(`${what}: ${seconds.toFixed(2)} s${backend}, ${megabytes(peaks.nodeBytes)} MB in Node`);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
