import { z } from "zod";
import { durationSeconds, languageTag } from "../base";
import type { Absent, Reading } from "../store";
import { VideoItem } from "./answers";

/** Widths of the sizes where an answer does not say them. */
const WIDTHS: Record<string, number> = { maxres: 1280, standard: 640, high: 480, medium: 320, default: 120 };
const Identified = z.object({ id: z.string() });

/** Id of an item, whatever else it holds. */
export function idOf(item: unknown): string | undefined {
  return Identified.safeParse(item).data?.id;
}

/**
 * An item of videos.list as the store keeps it, or why it is left out: a stream that has not ended has no settled
 * views, and without views a video cannot be rated.
 * @param at when it was read
 */
export function parseReading(videoId: string, item: unknown, at: Date): Reading | Absent {
  const parsed = VideoItem.safeParse(item);
  if (!parsed.success) return skipped(videoId, "unreadable details");
  const { snippet, statistics, contentDetails } = parsed.data;
  const broadcast = classifyBroadcast(parsed.data);
  if (broadcast !== "none") return skipped(videoId, broadcast);
  if (statistics.viewCount === undefined) return skipped(videoId, "no view count");
  return {
    video: {
      videoId,
      channelId: snippet.channelId,
      channelTitle: snippet.channelTitle ?? null,
      title: snippet.title,
      publishedAt: snippet.publishedAt,
      collectedAt: at,
      views: statistics.viewCount,
      durationSeconds: durationSeconds(contentDetails.duration) ?? null,
      likes: statistics.likeCount ?? null,
      comments: statistics.commentCount ?? null,
      subscribers: null,
      language: parseLanguage(snippet),
      niche: null,
      picture: null,
      trueCtr: null,
    },
    thumbnailUrls: sortThumbnailUrls(snippet.thumbnails),
  };
}

const skipped = (videoId: string, reason: string): Absent => ({ videoId, state: "skipped", reason });

function classifyBroadcast({ snippet, liveStreamingDetails: stream }: VideoItem): string {
  if (snippet.liveBroadcastContent !== "none") return snippet.liveBroadcastContent;
  if (stream === undefined || stream.actualEndTime !== undefined) return "none";
  return stream.actualStartTime === undefined ? "upcoming" : "live";
}

/** What is spoken, else what the title is written in: a video without speech ("zxx") still has a title. */
function parseLanguage({ defaultAudioLanguage, defaultLanguage }: VideoItem["snippet"]): string | null {
  return languageTag(defaultAudioLanguage ?? "") ?? languageTag(defaultLanguage ?? "");
}

function sortThumbnailUrls(thumbnails: VideoItem["snippet"]["thumbnails"]): string[] {
  const sizes = Object.entries(thumbnails).map(([name, { url, width }]) => ({
    url,
    width: width ?? WIDTHS[name] ?? 0,
  }));
  return sizes.sort((a, b) => b.width - a.width).map(({ url }) => url);
}
