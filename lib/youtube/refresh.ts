import type { Progress } from "../base";
import { runStage } from "../base";
import { DETAILS_DAYS, type QuotaOptions } from "../config";
import type { Collection, QuotaLedger, Retention } from "../store";
import { sleep, waitUntil } from "./backoff";
import { YoutubeQuotaSpent } from "./errors";
import { openYoutube, type Youtube, type YoutubeOptions } from "./open";
import { computeQuotaLeft, type QuotaLimits } from "./quota";
import { IDS_PER_CALL } from "./read-videos";
import {
  type Findings,
  type RefreshContext,
  refreshChannelsStage,
  refreshStatisticsStage,
  refreshVideosStage,
} from "./refresh-stages";

const DAY_MS = 86_400_000;

export interface RefreshOptions extends Omit<YoutubeOptions, "ledger" | "limits"> {
  store: Collection & Retention & QuotaLedger;
  limits?: Partial<QuotaOptions>;
  /** Videos whose statistics were last read before this instant are read again. */
  before: Date;
  /** Channels and videos whose details were last read before this instant are read again; DETAILS_DAYS ago if omitted. */
  detailsBefore?: Date;
  concurrency?: number;
  /** Sleep until there is new quota instead of throwing YoutubeQuotaSpent. */
  wait?: boolean;
}

/** What a refresh did. */
export interface RefreshReport extends Findings {
  /** True if a signal ended it before it was complete. */
  stopped: boolean;
  channels: number;
  /** Videos that were read again, including lost ones. */
  videos: number;
  /** Calls of this run, by method. */
  spent: Youtube["spent"];
  /** Videos that are still to be read again. */
  left: number;
}

/** What a refresh would read, and the quota for it. */
export interface RefreshPlan {
  /** Videos whose statistics would be read by videos.batchGetStats, by videos.list if its limit is 0. */
  statistics: number;
  /** Videos of which everything would be read by videos.list. */
  details: number;
  /** Channels that would be read by channels.list. */
  channels: number;
  /** Calls by bucket, if YouTube answers every video. */
  calls: Pick<QuotaLimits, "units" | "statistics">;
  /** What is left of today's quota. */
  left: QuotaLimits;
}

/**
 * Reads the statistics of collected videos again, from a quota of their own, and from time to time all details of
 * channels and videos; marks those that are gone. If it is killed, running it again with the same `before` completes
 * it; items already read since then cost no quota.
 * @throws YoutubeQuotaSpent (unless `wait`), YoutubeKeyMissing, YoutubeKeyRefused, YoutubeApiDisabled,
 * YoutubeCallRefused, YoutubeUnreachable
 */
export async function* refresh(options: RefreshOptions): AsyncGenerator<Progress, RefreshReport> {
  const { store, limits = {}, before, concurrency = 8, wait = false, signal, ...rest } = options;
  const youtube = openYoutube({ ...rest, signal, ledger: store, limits });
  const now = options.now ?? (() => new Date());
  const { detailsBefore = new Date(now().getTime() - DETAILS_DAYS * DAY_MS) } = options;
  const context: RefreshContext = { store, youtube, before, detailsBefore, concurrency, signal, now };
  const statisticsRefused = youtube.limits.statistics === 0 ? "its limit is 0" : null;
  const done = { channels: 0, videos: 0, removed: 0, skipped: 0, statisticsRefused };
  for (;;) {
    const spent = yield* today(context, done);
    const left = await store.countStaleVideos(before, detailsBefore);
    if (spent === null) return { ...done, stopped: signal?.aborted ?? false, spent: youtube.spent, left };
    if (!wait) throw new YoutubeQuotaSpent(spent.bucket, spent.resetsAt, leftToDo(left));
    yield* waitUntil(spent.resetsAt, { now, sleep: options.sleep ?? sleep, signal });
  }
}

/** What `refresh` would read and spend. @param at the time at which it would begin */
export async function planRefresh(
  store: Retention & QuotaLedger,
  { before, detailsBefore }: Pick<RefreshContext, "before" | "detailsBefore">,
  limits: QuotaLimits,
  at: Date,
): Promise<RefreshPlan> {
  const statistics = await store.countStaleStatistics(before, detailsBefore);
  const details = (await store.countStaleVideos(before, detailsBefore)) - statistics;
  const channels = await store.countStaleChannels(detailsBefore);
  const isOwnBucket = limits.statistics > 0;
  const units = countCalls(channels) + countCalls(isOwnBucket ? details : details + statistics);
  return {
    statistics,
    details,
    channels,
    calls: { units, statistics: isOwnBucket ? countCalls(statistics) : 0 },
    left: await computeQuotaLeft(store, limits, at),
  };
}

type Done = Pick<RefreshReport, "channels" | "videos"> & Findings;

/** Refreshes all that today's quota allows. @returns null if all is done, or a signal ended it */
async function* today(context: RefreshContext, done: Done): AsyncGenerator<Progress, YoutubeQuotaSpent | null> {
  const { store, before, detailsBefore } = context;
  const left = await store.countStaleVideos(before, detailsBefore);
  try {
    // Statistics go first: they need none of the units that the other stages may run out of.
    if (done.statisticsRefused === null) yield* runStage(refreshStatisticsStage(context, done));
    done.channels += yield* runStage(refreshChannelsStage(context));
    for await (const fact of runStage(refreshVideosStage(context, done)))
      yield done.statisticsRefused === null ? fact : { ...fact, note: inUnits(done.statisticsRefused) };
  } catch (thrown) {
    if (thrown instanceof YoutubeQuotaSpent) return thrown;
    if (!context.signal?.aborted) throw thrown;
  } finally {
    done.videos += left - (await store.countStaleVideos(before, detailsBefore));
  }
  return null;
}

const countCalls = (items: number): number => Math.ceil(items / IDS_PER_CALL);

const leftToDo = (videos: number): string => `${videos} videos by ${countCalls(videos)} units`;

const inUnits = (reason: string): string => `by videos.list and its units: videos.batchGetStats refused (${reason})`;
