// npm run bench serve [-- --real FOLDER --requests 200 --rounds 3 --json FILE]
// Requests a second and their times at 1, 16 and 64 clients, each request with two pictures that the service has not seen,
// then with pictures it knows. Before each load, a process without a service decodes and embeds as many pictures on as many
// threads: what the service takes beyond that, in processor time of its process, is its own share. The load generator is a
// process of its own, whose time is told apart.
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
  const fresh = new Map<number, Round[]>(CLIENTS.map((clients) => [clients, []]));
  const cached: Round[] = [];
  let number = 0;
  const embedBare = () => bare.ask({ do: "embed", pictures: 2 * requests, threads: THREADS }, Bare);
  const attack = async (connections: number, isFresh: boolean) => {
    const firstNumber = isFresh ? { firstNumber: number } : {};
    number += 2 * requests;
    return load(service, { pictures, connections, requests, ...firstNumber });
  };
  const measure = async (connections: number, isFresh: boolean): Promise<Round> => {
    const alone = await embedBare();
    return { bare: alone, served: await attack(connections, isFresh) };
  };
  try {
    // Threads and compiled code of both warm up equally.
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) {
      await embedBare();
      await attack(16, true);
    }
    for (let round = 0; round < rounds; round++) {
      for (const clients of CLIENTS) fresh.get(clients)?.push(await measure(clients, true));
      // The cache gets to know the pictures that are sent again.
      await load(service, { pictures, connections: 2, requests: pictures.length });
      cached.push(await measure(16, false));
    }
  } finally {
    await bare.end();
    await service.end();
  }
  const rows = [
    ...[...fresh].map(([clients, results]) => ({ name: `${clients} clients`, results })),
    { name: "16 clients, known pictures", results: cached },
  ];
  const all = [...fresh.values()].flat();
  const barePerSecond = median(all.map(({ bare: { seconds } }) => requests / seconds));
  console.log(`bare: ${barePerSecond.toFixed(1)} pairs of pictures/s`);
  const facts = rows.map(({ name, results }) => summary(name, results, 2 * requests));
  for (const { line } of facts) console.log(line);
  const failures = facts
    .slice(0, CLIENTS.length)
    .flatMap(({ name, ownShare, failed }) => [
      ...(failed > 0 ? [`${name}: ${failed} requests failed`] : []),
      ...(ownShare > MOST_SHARE
        ? [`${name}: the service's own share is ${(100 * ownShare).toFixed(1)} %, above ${100 * MOST_SHARE} %`]
        : []),
    ]);
  await conclude({ check: "serve", settings: values, facts: { barePerSecond, rows: facts }, failures }, values.json);
}

/** The same number of pictures without and with a service, one after the other. */
interface Round {
  bare: z.infer<typeof Bare>;
  served: LoadResult;
}

/** Medians over the rounds; the own share is what a picture costs beyond decoding and embedding it, of that cost. */
function summary(name: string, rounds: readonly Round[], pictures: number) {
  const bareMs = ({ bare }: Round) => (1000 * bare.cpuSeconds) / pictures;
  const figures = {
    requestsPerSecond: median(rounds.map(({ served }) => served.requestsPerSecond)),
    p50Ms: median(rounds.map(({ served }) => served.p50Ms)),
    p99Ms: median(rounds.map(({ served }) => served.p99Ms)),
    bareCpuMs: median(rounds.map(bareMs)),
    cpuMs: median(rounds.map(({ served }) => served.cpuMsPerPicture)),
    generatorCpuMs: median(rounds.map(({ served }) => served.generatorCpuMsPerPicture)),
    ownShare: median(rounds.map((round) => round.served.cpuMsPerPicture / bareMs(round) - 1)),
    failed: rounds.reduce((sum, { served }) => sum + served.failed, 0),
  };
  const { requestsPerSecond, p50Ms, p99Ms, bareCpuMs, cpuMs, generatorCpuMs, ownShare, failed } = figures;
  const line = `${name}: ${requestsPerSecond.toFixed(1)} requests/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${cpuMs.toFixed(2)} ms of processor time a picture, bare ${bareCpuMs.toFixed(2)} (own share ${(100 * ownShare).toFixed(1)} %), load generator ${generatorCpuMs.toFixed(2)}, ${failed} failed`;
  return { name, ...figures, line };
}

void main();
