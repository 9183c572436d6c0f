import { z } from "zod";
import type { Progress, Stage, StageRunner } from "../base";
import type { Paths } from "../config";
import { CollectSettings } from "../config";
import type { Collection, QuotaLedger } from "../store";
import {
  type CollectContext,
  type CollectRunners,
  createContext,
  detailsStage,
  RETRIES,
  sleep,
  thumbnailsStage,
  uploadsStage,
  YoutubeApiDisabled,
  YoutubeKeyMissing,
  YoutubeKeyRefused,
  YoutubeQuotaSpent,
} from "../youtube";
import { runOnQueue } from "./coordinate";
import { JobsPostponed } from "./errors";
import type { JobMapping } from "./job-mapping";
import type { Jobs } from "./jobs";
import { type Performer, performer, type Verdict } from "./performer";
import type { JobSettings, QueueName } from "./queues";

// The settings are part of each job, so that all workers collect what their coordinator wants.
const ListingJob = z.object({
  settings: CollectSettings,
  listing: z.object({
    channelId: z.string(),
    uploads: z.string().nullable(),
    listed: z.number().int(),
    nextPageToken: z.string().nullable(),
  }),
});
const VideosJob = z.object({ settings: CollectSettings, videoIds: z.array(z.string()) });
const ThumbnailsJob = z.object({
  settings: CollectSettings,
  wanted: z.array(z.object({ videoId: z.string(), thumbnailUrls: z.array(z.string()) })),
});

/** How a coordinator distributes a collection. */
export interface CollectSharing {
  settings: CollectSettings;
  signal?: AbortSignal | undefined;
  jobs?: Partial<JobSettings>;
  pollMs?: number;
}

/** Creates the `runners` of `collect` that have workers do the stages of a collection. */
export function collectRunners(jobs: Jobs, sharing: CollectSharing): CollectRunners {
  const { settings, signal, pollMs } = sharing;
  const common = {
    signal,
    ...(sharing.jobs && { settings: sharing.jobs }),
    ...(pollMs === undefined ? {} : { pollMs }),
  };
  return {
    listings: shared(jobs, {
      ...common,
      queue: "listings",
      // Named by its position: if another worker moves the listing on, the rest is a different piece.
      itemsOf: ({ channelId, listed, nextPageToken }) => [`${channelId}/${listed}/${nextPageToken ?? ""}`],
      partOf: ({ channelId, uploads, listed, nextPageToken }) => ({
        settings,
        listing: { channelId, uploads, listed, nextPageToken },
      }),
    }),
    videos: shared(jobs, {
      ...common,
      queue: "videos",
      itemsOf: (ids) => ids,
      partOf: (ids, items) => ({ settings, videoIds: ids.filter((id) => items.has(id)) }),
    }),
    thumbnails: shared(jobs, {
      ...common,
      queue: "thumbnails",
      itemsOf: (wanted) => wanted.map(({ videoId }) => videoId),
      partOf: (wanted, items) => ({ settings, wanted: wanted.filter(({ videoId }) => items.has(videoId)) }),
    }),
  };
}

/** What a worker needs to collect, on any machine. */
export interface CollectPlace {
  store: Collection & QuotaLedger;
  paths: Pick<Paths, "thumbnails">;
}

/**
 * Performs the jobs of one of a collection's queues. Without quota, jobs wait for the next day; a missing or refused
 * key stops the worker. Pictures need no key.
 */
export function collectPerformer(queue: Exclude<QueueName, "embed">, place: CollectPlace): Performer {
  if (queue === "thumbnails") {
    const stageOf = remembered((settings) =>
      thumbnailsStage({ ...place, settings, signal: undefined, sleep, retries: RETRIES }),
    );
    const perform = ({ settings, wanted }: z.infer<typeof ThumbnailsJob>) => stageOf(settings).perform(wanted);
    return performer({ queue, schema: ThumbnailsJob, perform });
  }
  const contextFor = (settings: CollectSettings): CollectContext => createContext({ ...place, settings });
  if (queue === "listings") {
    const stageOf = remembered((settings) => uploadsStage(contextFor(settings)));
    const perform = ({ settings, listing }: z.infer<typeof ListingJob>) => stageOf(settings).perform(listing);
    return performer({ queue, schema: ListingJob, perform, verdictOf: judgeFailure });
  }
  const stageOf = remembered((settings) => detailsStage(contextFor(settings)));
  const perform = ({ settings, videoIds }: z.infer<typeof VideosJob>) => stageOf(settings).perform(videoIds);
  return performer({ queue, schema: VideosJob, perform, verdictOf: judgeFailure });
}

function judgeFailure(thrown: unknown): Verdict {
  if (thrown instanceof YoutubeQuotaSpent) return { postponedUntil: thrown.resetsAt };
  const stops = [YoutubeKeyMissing, YoutubeKeyRefused, YoutubeApiDisabled].some((kind) => thrown instanceof kind);
  return stops ? "stop" : "retry";
}

/** Keeps one stage for each distinct settings, since a stage may cache what it has read. */
function remembered<Piece>(
  make: (settings: CollectSettings) => Stage<Piece>,
): (settings: CollectSettings) => Stage<Piece> {
  const made = new Map<string, Stage<Piece>>();
  return (settings) => {
    const key = JSON.stringify(settings);
    const stage = made.get(key) ?? make(settings);
    made.set(key, stage);
    return stage;
  };
}

/** Converts JobsPostponed to YoutubeQuotaSpent, since a collection knows about quota and not about jobs. */
function shared<Piece>(jobs: Jobs, placement: JobMapping<Piece>): StageRunner<Piece> {
  return async function* onQueue(stage: Stage<Piece>): AsyncGenerator<Progress, number> {
    try {
      return yield* runOnQueue(jobs, stage, placement);
    } catch (thrown) {
      throw thrown instanceof JobsPostponed ? new YoutubeQuotaSpent("units", thrown.until) : thrown;
    }
  };
}
