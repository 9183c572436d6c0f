import { z } from "zod";
import { durationSeconds, languageTag } from "../base";
import type { Absent, Reading } from "../store";
import { VideoItem } from "./answers";

/** Widths of the sizes, for answers that omit them. */
const WIDTHS: Record<string, number> = {
  uhd: 3840,
  qhd: 2560,
  fhd: 1920,
  maxres: 1280,
  standard: 640,
  high: 480,
  medium: 320,
  default: 120,
};
/** Width of the thumbnails that the guide trains on; every encoder scales its input down from there. */
const WANTED_WIDTH = 1280;
const Identified = z.object({ id: z.string() });

/** Id of an item, even if the rest of it is malformed; undefined if it has none. */
export function idOf(item: unknown): string | undefined {
  return Identified.safeParse(item).data?.id;
}

/**
 * Converts an item of videos.list to a reading for the store, or says why it is skipped: a stream that has not ended
 * has no final view count, and a video without views cannot be rated.
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

/** The spoken language, else the language of the title: a video without speech ("zxx") still has a title. */
function parseLanguage({ defaultAudioLanguage, defaultLanguage }: VideoItem["snippet"]): string | null {
  return languageTag(defaultAudioLanguage ?? "") ?? languageTag(defaultLanguage ?? "");
}

/** The smallest size that is wide enough first, then larger ones, then smaller ones, the largest of those first. */
function sortThumbnailUrls(thumbnails: VideoItem["snippet"]["thumbnails"]): string[] {
  const sizes = Object.entries(thumbnails).map(([name, { url, width }]) => ({
    url,
    width: width ?? WIDTHS[name] ?? 0,
  }));
  const enough = sizes.filter(({ width }) => width >= WANTED_WIDTH).sort((a, b) => a.width - b.width);
  const smaller = sizes.filter(({ width }) => width < WANTED_WIDTH).sort((a, b) => b.width - a.width);
  return [...enough, ...smaller].map(({ url }) => url);
}
