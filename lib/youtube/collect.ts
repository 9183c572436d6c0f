import type { Progress } from "../base";
import { runStage } from "../base";
import { CollectSettings, configure, type Paths } from "../config";
import type { Collection, QuotaLedger } from "../store";
import { RETRIES, sleep, waitUntil } from "./backoff";
import type { CollectContext, CollectRunners } from "./context";
import { detailsStage } from "./details";
import { YoutubeQuotaSpent } from "./errors";
import { findChannels } from "./find-channels";
import { openYoutube, type YoutubeOptions } from "./open";
import { thumbnailsStage } from "./pictures";
import { loadPlanState, makePlan } from "./plan";
import { RefusedSearches } from "./refused-searches";
import { type CollectReport, countRead, makeReport } from "./report";
import { createNote, type Note, runNoted } from "./stage-progress";
import { uploadsStage } from "./uploads";

/** Settings and store of a collection; the rest has defaults. */
export interface CollectOptions extends Omit<YoutubeOptions, "ledger" | "limits"> {
  store: Collection & QuotaLedger;
  paths: Pick<Paths, "thumbnails">;
  settings?: Partial<CollectSettings>;
  /** Runs the pieces of each stage; this process if omitted. */
  runners?: CollectRunners;
  /** Sleep until there is new quota instead of throwing YoutubeQuotaSpent. */
  wait?: boolean;
}

/**
 * Collects channels, videos and pictures. If it is killed, running it again completes it with the same result;
 * completed work costs no quota. Each stage continues as far as the day's quota allows: other stages run on when the
 * search quota is used up, and pictures need no quota. If the signal aborts, work in progress is finished and stored.
 * @throws YoutubeQuotaSpent (unless `wait`), YoutubeKeyMissing, YoutubeKeyRefused, YoutubeApiDisabled,
 * YoutubeCallRefused, YoutubeUnreachable, ThumbnailsUnreachable, ConfigInvalid
 */
export async function* collect(options: CollectOptions): AsyncGenerator<Progress, CollectReport> {
  const context = createContext(options);
  const { store, signal } = context;
  const note = createNote(context, options.wait ?? false);
  const readBefore = countRead(await store.collectionCounts());
  for (;;) {
    const refused = new RefusedSearches();
    const spent = yield* stoppable(collectToday(context, note, options.runners ?? HERE, refused), signal);
    if (spent === null || signal?.aborted) return await makeReport(context, readBefore, refused);
    if (!options.wait) throw new YoutubeQuotaSpent(spent.bucket, spent.resetsAt, await leftToDo(context));
    yield* waitUntil(spent.resetsAt, context);
  }
}

const HERE: CollectRunners = { listings: runStage, videos: runStage, thumbnails: runStage };

/** Creates the context that all stages share. @throws YoutubeKeyMissing, ConfigInvalid */
export function createContext(options: CollectOptions): CollectContext {
  const { store, paths, settings: given = {}, wait: _, runners: __, ...rest } = options;
  const settings = configure(CollectSettings, given);
  const { searchLimit, unitsLimit } = settings;
  return {
    store,
    paths,
    settings,
    youtube: openYoutube({ ...rest, ledger: store, limits: { searchLimit, unitsLimit } }),
    signal: options.signal,
    now: options.now ?? (() => new Date()),
    sleep: options.sleep ?? sleep,
    retries: { ...RETRIES, ...options.retries },
  };
}

/** Runs a job; a wait that the signal interrupted is not a failure. */
async function* stoppable<Result>(
  job: AsyncGenerator<Progress, Result>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, Result | null> {
  try {
    return yield* job;
  } catch (thrown) {
    if (!signal?.aborted) throw thrown;
    return null;
  }
}

/** Collects all that today's quota allows. @returns the quota that is used up but still needed; null if all is done */
async function* collectToday(
  context: CollectContext,
  note: Note,
  runners: CollectRunners,
  refused: RefusedSearches,
): AsyncGenerator<Progress, YoutubeQuotaSpent | null> {
  const { store, settings } = context;
  const spent: YoutubeQuotaSpent[] = [];
  yield* collectUntilQuotaSpent(noted(findChannels(context, refused), note), spent);
  const counts = await store.collectionCounts();
  const open = await uploadsStage(context).count();
  yield* collectUntilQuotaSpent(
    runNoted(uploadsStage(context), counts.channels.accepted - open, note, runners.listings),
    spent,
  );
  yield* collectUntilQuotaSpent(runNoted(detailsStage(context), countRead(counts), note, runners.videos), spent);
  const { pictures } = counts;
  if (settings.pictures)
    yield* runNoted(thumbnailsStage(context), pictures.kept + pictures.refused, note, runners.thumbnails);
  return spent.at(-1) ?? null;
}

async function* noted(job: AsyncGenerator<Progress, unknown>, note: Note): AsyncGenerator<Progress, void> {
  for await (const fact of job) yield await note(fact);
}

/** Records that quota is used up and returns, so that the next stage can run: it may need none, or another bucket. */
async function* collectUntilQuotaSpent(
  job: AsyncGenerator<Progress, void>,
  spent: YoutubeQuotaSpent[],
): AsyncGenerator<Progress, void> {
  try {
    yield* job;
  } catch (thrown) {
    if (!(thrown instanceof YoutubeQuotaSpent)) throw thrown;
    spent.push(thrown);
  }
}

async function leftToDo({ store, youtube, settings }: CollectContext): Promise<string> {
  const state = await loadPlanState(store, await youtube.quota.left());
  const { searches, units, days, videos } = makePlan(settings, state, youtube.limits);
  return `${videos} videos by ${searches} searches and ${units} units, ${days} more day${days === 1 ? "" : "s"} of quota`;
}
