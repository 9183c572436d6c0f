import { createHash } from "node:crypto";
import type { Column } from "../../config";
import { rateOf } from "../rate";

/** Where a column's value stands: a column of the table, and how its cells become ours if they are written otherwise. */
export type Source = string | { from: string; read: (cell: string) => string };

/** Our column: theirs; of several the first counts that is not blank in a row. */
export type Sources = Partial<Record<Column, Source[]>>;

/** A table that other programs write: how it is recognised, and what its columns are here. */
export interface Layout {
  name: string;
  /** It is this layout where all of these columns are found. */
  signs: string[];
  columns: Sources;
  /** A row that is no video, such as a sum. */
  isVideo?: (cell: (name: string) => string) => boolean;
}

/** One row a layout; the first that fits is taken. Columns named as ours need no entry. */
export const LAYOUTS: Layout[] = [
  {
    name: "a YouTube Studio table",
    signs: ["Video title", "Video publish time", "Views"],
    columns: {
      video_id: ["Content", "Video"],
      title: ["Video title"],
      published_at: ["Video publish time"],
      duration: ["Duration"],
      views: ["Views"],
      true_ctr: [{ from: "Impressions click-through rate (%)", read: rateOfPercent }],
    },
    isVideo: (cell) => (cell("Content") || cell("Video")).trim() !== "Total",
  },
  {
    name: "a YouTube Data Tools table",
    signs: ["videoId", "channelId", "videoTitle", "viewCount"],
    columns: {
      video_id: ["videoId"],
      channel_id: ["channelId"],
      channel_title: ["channelTitle"],
      title: ["videoTitle"],
      published_at: ["publishedAt", "publishedAtSQL"],
      views: ["viewCount"],
      likes: ["likeCount"],
      comments: ["commentCount"],
      duration: ["durationSec", "duration"],
      language: ["defaultLAudioLanguage", "defaultAudioLanguage", "defaultLanguage"],
    },
  },
  {
    name: "a trending table of Kaggle",
    signs: ["video_id", "trending_date", "channelId", "view_count"],
    columns: {
      channel_id: ["channelId"],
      channel_title: ["channelTitle"],
      published_at: ["publishedAt"],
      collected_at: ["trending_date"],
      views: ["view_count"],
      comments: ["comment_count"],
    },
  },
  {
    name: "a trending table of Kaggle (2017-2018), whose channels are told apart by their titles",
    signs: ["video_id", "trending_date", "publish_time", "channel_title"],
    columns: {
      channel_id: [{ from: "channel_title", read: channelIdOfTitle }],
      published_at: ["publish_time"],
      collected_at: [{ from: "trending_date", read: dayOfYearDayMonth }],
      comments: ["comment_count"],
    },
  },
  {
    name: "yt-dlp's metadata",
    signs: ["id", "title", "channel_id", "upload_date"],
    columns: {
      video_id: ["id"],
      channel_title: ["channel", "uploader"],
      published_at: [{ from: "timestamp", read: instantOfEpoch }, "upload_date"],
      collected_at: [{ from: "epoch", read: instantOfEpoch }],
      views: ["view_count"],
      likes: ["like_count"],
      comments: ["comment_count"],
      subscribers: ["channel_follower_count"],
    },
  },
];

/** Other names under which a column of ours is often found; taken where a table has neither ours nor a layout's. */
export const SYNONYMS: Partial<Record<Column, string[]>> = {
  video_id: ["videoId"],
  channel_id: ["channelId"],
  channel_title: ["channelTitle", "channel_name"],
  title: ["video_title", "videoTitle"],
  published_at: ["publishedAt", "publish_time", "publish_date"],
  collected_at: ["fetched_at", "snapshot_utc", "snapshot_date", "collectedAt", "scraped_at"],
  views: ["view_count", "viewCount"],
  likes: ["like_count", "likeCount"],
  comments: ["comment_count", "commentCount"],
  subscribers: ["subscriber_count", "subscriberCount"],
  duration: ["duration_seconds", "duration_iso8601", "durationSec"],
  language: ["audio_language", "default_language", "defaultAudioLanguage", "defaultLanguage"],
};

/** An id for a channel that is known by its title only. */
function channelIdOfTitle(title: string): string {
  return title.trim() === "" ? "" : `title-${createHash("sha256").update(title).digest("base64url").slice(0, 22)}`;
}

/** Studio writes 4.27 for 4.27 %; what is no number stays as it is, to be refused by name. */
function rateOfPercent(cell: string): string {
  const percent = rateOf(cell.trim().replace(/%$/, ""));
  return Number.isNaN(percent) ? cell : String(percent / 100);
}

/** "17.14.11" is 14 November 2017. */
function dayOfYearDayMonth(cell: string): string {
  return cell.trim().replace(/^(\d\d)\.(\d\d)\.(\d\d)$/, "20$1-$3-$2");
}

/** Seconds since 1970, which these columns are known to hold. */
function instantOfEpoch(cell: string): string {
  const date = new Date(Number(cell.trim() || Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? cell : date.toISOString();
}
