import { join } from "node:path";
import { finish } from "../../lib/base/progress";
import { runStage } from "../../lib/base/stages";
import type { CollectSettings } from "../../lib/config/collect";
import { embedStage, openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { collectRunners, EMBED_PLACEMENT, type Jobs, openJobs, queueCounts, runOnQueue } from "../../lib/jobs";
import { openStore, type Store } from "../../lib/store";
import { collect } from "../../lib/youtube";
import type { GoogleStandIn } from "../../tests/google/start";
import { thumbrankWorker, underFire } from "../../tests/jobs/processes";

/** Where a round collects, and with which key. */
export interface Place {
  google: GoogleStandIn;
  key: string;
  url: string;
  home: string;
  settings: CollectSettings;
}

/** How long a part of the work took. */
export interface Part {
  seconds: number;
  /** Jobs that were done; those of one process are not counted. */
  pieces: number;
  killed: number;
}

export interface Round {
  collecting: Part;
  embedding: Part;
}

const QUEUES = "listings,videos,thumbnails,embed";
const POLL_MS = 200;
/** Short, since workers are killed all the time. */
const LEASES = {
  leaseSeconds: 60,
  heartbeatSeconds: 10,
  retryLimit: 20,
  retryDelaySeconds: 0,
  retryDelayMaxSeconds: 1,
};

/** All of the work in this process. */
export async function alone(place: Place): Promise<Round> {
  const store = await openStore({ paths: { store: "" }, databaseUrl: place.url });
  const job = await embedJob(place, store);
  try {
    const collecting = await timed(() => finish(collect(collectOptions(place, store))));
    const embedding = await timed(() => finish(runStage(embedStage(job))));
    return { collecting: { ...collecting, ...NONE }, embedding: { ...embedding, ...NONE } };
  } finally {
    await store.close();
  }
}

/** All of the work by workers, of which one is killed every so many ms; by none where that is infinite. */
export async function shared(place: Place, workers: number, everyMs: number): Promise<Round> {
  const { url, home, settings, google, key } = place;
  const store = await openStore({ paths: { store: "" }, databaseUrl: url });
  const jobs = await openJobs(url, { role: "coordinator", watchSeconds: 2 });
  const runners = collectRunners(jobs, { settings, jobs: LEASES, pollMs: POLL_MS });
  const job = await embedJob(place, store);
  const environment = {
    DATABASE_URL: url,
    YOUTUBE_API_KEY: key,
    YOUTUBE_ROOT_URL: google.rootUrl,
    NODE_EXTRA_CA_CERTS: google.caFile,
    NODE_TLS_REJECT_UNAUTHORIZED: "1",
  };
  const flags = ["--queue", QUEUES, "--image", "descriptor", "--text", "title-hash", "--watch-seconds", "2"];
  const start = () => thumbrankWorker([...flags, "--data-dir", home], environment);
  const part = (work: () => Promise<unknown>) => counted(jobs, () => underFire({ workers, everyMs }, start, work()));
  try {
    const collecting = await part(() => finish(collect({ ...collectOptions(place, store), runners })));
    const placement = { ...EMBED_PLACEMENT, settings: LEASES, pollMs: POLL_MS };
    const embedding = await part(() => finish(runOnQueue(jobs, embedStage(job), placement)));
    return { collecting, embedding };
  } finally {
    await jobs.close();
    await store.close();
  }
}

const NONE = { pieces: 0, killed: 0 };

function collectOptions({ google, key, home, settings }: Place, store: Store) {
  const environment = { YOUTUBE_API_KEY: key, YOUTUBE_ROOT_URL: google.rootUrl };
  return { store, settings, environment, paths: { thumbnails: join(home, "data", "thumbnails") } };
}

async function embedJob({ home }: Place, store: Store) {
  const paths = { thumbnails: join(home, "data", "thumbnails") };
  const image = await openImageEncoder("descriptor");
  const text = await openTextEncoder("title-hash");
  return { store, paths, image, text, scope: "all" as const };
}

async function timed(work: () => Promise<unknown>): Promise<{ seconds: number }> {
  const began = performance.now();
  await work();
  return { seconds: (performance.now() - began) / 1000 };
}

async function counted(jobs: Jobs, work: () => Promise<{ killed: number }>): Promise<Part> {
  const done = async () => (await queueCounts(jobs)).reduce((sum, counts) => sum + counts.done, 0);
  const before = await done();
  let killed = 0;
  const { seconds } = await timed(async () => {
    killed = (await work()).killed;
  });
  return { seconds, pieces: (await done()) - before, killed };
}
