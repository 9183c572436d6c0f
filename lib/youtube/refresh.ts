import type { Progress } from "../base";
import { runStage } from "../base";
import type { QuotaOptions } from "../config";
import type { Collection, QuotaLedger, Retention } from "../store";
import { sleep, waitUntil } from "./backoff";
import { YoutubeQuotaSpent } from "./errors";
import { openYoutube, type Youtube, type YoutubeOptions } from "./open";
import { IDS_PER_CALL } from "./read-videos";
import { type Lost, type RefreshContext, refreshChannelsStage, refreshVideosStage } from "./refresh-stages";

export interface RefreshOptions extends Omit<YoutubeOptions, "ledger" | "limits"> {
  store: Collection & Retention & QuotaLedger;
  limits?: Partial<QuotaOptions>;
  /** Channels and videos last read before this instant are read again. */
  before: Date;
  concurrency?: number;
  /** Sleep until there is new quota instead of throwing YoutubeQuotaSpent. */
  wait?: boolean;
}

/** What a refresh did. */
export interface RefreshReport extends Lost {
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

/**
 * Reads the statistics of collected channels and videos again, and marks those that are gone. If it is killed, running
 * it again with the same `before` completes it; items already read since then cost no quota.
 * @throws YoutubeQuotaSpent (unless `wait`), YoutubeKeyMissing, YoutubeKeyRefused, YoutubeApiDisabled,
 * YoutubeCallRefused, YoutubeUnreachable
 */
export async function* refresh(options: RefreshOptions): AsyncGenerator<Progress, RefreshReport> {
  const { store, limits = {}, before, concurrency = 8, wait = false, signal, ...rest } = options;
  const youtube = openYoutube({ ...rest, signal, ledger: store, limits });
  const now = options.now ?? (() => new Date());
  const context: RefreshContext = { store, youtube, before, concurrency, signal, now };
  const done = { channels: 0, videos: 0, removed: 0, skipped: 0 };
  for (;;) {
    const spent = yield* today(context, done);
    const left = await store.countStaleVideos(before);
    if (spent === null) return { ...done, stopped: signal?.aborted ?? false, spent: youtube.spent, left };
    if (!wait) throw new YoutubeQuotaSpent(spent.bucket, spent.resetsAt, leftToDo(left));
    yield* waitUntil(spent.resetsAt, { now, sleep: options.sleep ?? sleep, signal });
  }
}

type Done = Pick<RefreshReport, "channels" | "videos"> & Lost;

/** Refreshes all that today's quota allows. @returns null if all is done, or a signal ended it */
async function* today(context: RefreshContext, done: Done): AsyncGenerator<Progress, YoutubeQuotaSpent | null> {
  try {
    done.channels += yield* runStage(refreshChannelsStage(context));
    const left = await context.store.countStaleVideos(context.before);
    try {
      yield* runStage(refreshVideosStage(context, done));
    } finally {
      done.videos += left - (await context.store.countStaleVideos(context.before));
    }
  } catch (thrown) {
    if (thrown instanceof YoutubeQuotaSpent) return thrown;
    if (!context.signal?.aborted) throw thrown;
  }
  return null;
}

const leftToDo = (videos: number): string => `${videos} videos by ${Math.ceil(videos / IDS_PER_CALL)} units`;
