import { z } from "zod";
import { durationSeconds } from "../base";
import type { VideoStatistics } from "../store";
import { Count, Page } from "./answers";
import type { Call } from "./call";
import { ItemRefused, YoutubeCallRefused } from "./errors";
import { idOf } from "./reading";

/** Not `snippet`: its publishTime is the time of the upload, which is not the `publishedAt` of videos.list. */
const PARTS = "id,statistics,contentDetails";
const FIELDS = "items(id,statistics(viewCount,likeCount,commentCount),contentDetails/duration)";

/** Giving the method up costs units that collection needs, so a refusal must not be transient. */
const REFUSED_ATTEMPTS = 2;

const StatisticsItem = z.object({
  statistics: z.object({ viewCount: Count, likeCount: Count.optional(), commentCount: Count.optional() }),
  contentDetails: z.object({ duration: z.string().optional() }).optional(),
});

/** The statistics of those videos that were answered, or why YouTube does not let this project use the method. */
export type ReadStatistics = { read: VideoStatistics[] } | { refused: string };

/**
 * Reads the statistics of up to 50 videos in one call of videos.batchGetStats, which has a quota of its own. A video that
 * is missing from the answer need not be gone, since the method may fail for single videos: only videos.list says so.
 * @param now the clock, for the time at which a video counts as read
 * @throws what a call throws, except for ItemRefused and YoutubeCallRefused
 */
export async function readStatistics(call: Call, ids: readonly string[], now: () => Date): Promise<ReadStatistics> {
  try {
    const { items } = await call({
      method: "videos.batchGetStats",
      send: (api) => api.videos.batchGetStats({ part: [PARTS], id: [ids.join(",")], fields: FIELDS }),
      answer: Page,
      refusedAttempts: REFUSED_ATTEMPTS,
      mayBeMissing: true,
    });
    const collectedAt = now();
    const asked = new Set(ids);
    return { read: items.flatMap((item) => parseStatistics(item, asked, collectedAt)) };
  } catch (thrown) {
    if (thrown instanceof ItemRefused || thrown instanceof YoutubeCallRefused) return { refused: thrown.reason };
    throw thrown;
  }
}

function parseStatistics(item: unknown, asked: ReadonlySet<string>, collectedAt: Date): VideoStatistics[] {
  const videoId = idOf(item) ?? "";
  const parsed = StatisticsItem.safeParse(item);
  if (!asked.has(videoId) || !parsed.success) return [];
  const { statistics, contentDetails } = parsed.data;
  return [
    {
      videoId,
      collectedAt,
      views: statistics.viewCount,
      likes: statistics.likeCount ?? null,
      comments: statistics.commentCount ?? null,
      // The discovery document has Google's form ("253s"), the reference says ISO 8601.
      durationSeconds: durationSeconds(contentDetails?.duration?.replace(/^([\d.]+)s$/, "$1") ?? "") ?? null,
    },
  ];
}
