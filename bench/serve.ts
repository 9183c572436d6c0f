// npm run bench serve [-- --real FOLDER --requests 200 --rounds 3 --json FILE]
// Requests a second and their times at 1, 16 and 64 clients, each request with two pictures that the service has not seen,
// beside the bare cost of decoding and embedding the same pictures; then with pictures it knows. All of a round in turn.
// -- --long 100000 sends so many requests and judges whether the service's memory grows.
import { parseArgs } from "node:util";
import { z } from "zod";
import { conclude, count } from "./long/verdict";
import { type LoadResult, load } from "./serve/load";
import { judgeMemory } from "./serve/memory";
import { benchPictures } from "./serve/pictures";
import { serve } from "./serve/served";
import { startOwn } from "./side-by-side/contender";
import { loadOf, warningOf } from "./side-by-side/machine";
import { median } from "./side-by-side/statistics";

const CLIENTS = [1, 16, 64];
const THREADS = 2;
const MOST_SHARE = 0.2;
const WARM_UPS = 4;
const Bare = z.object({ seconds: z.number(), cpuSeconds: z.number() });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      real: { type: "string" },
      requests: { type: "string", default: "200" },
      rounds: { type: "string", default: "3" },
      long: { type: "string" },
      json: { type: "string" },
    },
  });
  if (values.long !== undefined) return judgeMemory(count("long", values.long), values.json);
  // Every client sends at least one.
  const requests = Math.max(...CLIENTS, count("requests", values.requests));
  const rounds = count("rounds", values.rounds);
  const warning = warningOf(await loadOf());
  if (warning) console.error(warning);
  const pictures = await benchPictures(values.real);
  const service = await serve({ threads: THREADS, queueLimit: 10_000, deadlineMs: 600_000, cacheEntries: 1000 });
  const bare = await startOwn("bare", require.resolve("./serve/bare.ts"), [values.real ?? ""]);
  const bareRounds: z.infer<typeof Bare>[] = [];
  const fresh = new Map<number, LoadResult[]>(CLIENTS.map((clients) => [clients, []]));
  const cached: LoadResult[] = [];
  let number = 0;
  const attack = async (connections: number, isFresh: boolean) => {
    const firstNumber = isFresh ? { firstNumber: number } : {};
    number += 2 * requests;
    return load(service, { pictures, connections, requests, ...firstNumber });
  };
  try {
    // Threads and compiled code warm up, and the cache gets to know the pictures that are sent again.
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await attack(16, true);
    await load(service, { pictures, connections: 2, requests: pictures.length });
    await bare.ask({ do: "embed", pictures: 2 * requests, threads: THREADS }, Bare);
    for (let round = 0; round < rounds; round++) {
      bareRounds.push(await bare.ask({ do: "embed", pictures: 2 * requests, threads: THREADS }, Bare));
      for (const clients of CLIENTS) fresh.get(clients)?.push(await attack(clients, true));
      await load(service, { pictures, connections: 2, requests: pictures.length });
      cached.push(await attack(16, false));
    }
  } finally {
    await bare.end();
    await service.end();
  }
  const bareCpuMs = median(bareRounds.map(({ cpuSeconds }) => (1000 * cpuSeconds) / (2 * requests)));
  const barePerSecond = median(bareRounds.map(({ seconds }) => requests / seconds));
  const rows = [
    ...[...fresh].map(([clients, results]) => ({ name: `${clients} clients`, results })),
    { name: "16 clients, known pictures", results: cached },
  ];
  console.log(
    `bare: ${barePerSecond.toFixed(1)} pairs of pictures/s, ${bareCpuMs.toFixed(2)} ms of processor time a picture`,
  );
  const facts = rows.map(({ name, results }) => summary(name, results, bareCpuMs));
  for (const { line } of facts) console.log(line);
  const failures = facts
    .slice(0, CLIENTS.length)
    .flatMap(({ name, ownShare, failed }) => [
      ...(failed > 0 ? [`${name}: ${failed} requests failed`] : []),
      ...(ownShare > MOST_SHARE
        ? [`${name}: the service's own share is ${(100 * ownShare).toFixed(1)} %, above ${100 * MOST_SHARE} %`]
        : []),
    ]);
  await conclude(
    { check: "serve", settings: values, facts: { bareCpuMs, barePerSecond, rows: facts }, failures },
    values.json,
  );
}

/** Medians over the rounds; the own share is what a picture costs beyond decoding and embedding it, of that cost. */
function summary(name: string, results: readonly LoadResult[], bareCpuMs: number) {
  const of = (field: keyof LoadResult) => median(results.map((result) => result[field]));
  const cpuMs = of("cpuMsPerPicture");
  const ownShare = cpuMs / bareCpuMs - 1;
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const rate = of("requestsPerSecond");
  const line = `${name}: ${rate.toFixed(1)} requests/s, p50 ${of("p50Ms")} ms, p99 ${of("p99Ms")} ms, ${cpuMs.toFixed(2)} ms of processor time a picture (own share ${(100 * ownShare).toFixed(1)} %), ${failed} failed`;
  return { name, requestsPerSecond: rate, p50Ms: of("p50Ms"), p99Ms: of("p99Ms"), cpuMs, ownShare, failed, line };
}

void main();
