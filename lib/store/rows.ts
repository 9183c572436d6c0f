import type { Fold, RatedVideo, Thumbnail, TrainingPair, Video } from "./types";

/** A video as `videos_after` gives it; some databases give instants as text. */
export interface VideoRow {
  video_id: string;
  channel_id: string;
  channel_title: string | null;
  title: string;
  published_at: Date | string;
  collected_at: Date | string;
  views: number;
  duration_seconds: number | null;
  likes: number | null;
  comments: number | null;
  subscribers: number | null;
  language: string | null;
  niche: string | null;
  picture_sha256: string | null;
  picture_format: Thumbnail["format"] | null;
  true_ctr: number | null;
}

/** Of a video that `rebuild` put in a fold. */
export interface RatedRow extends VideoRow {
  fold: Fold;
  views_per_hour: number;
  proxy: number;
  ctr_proxy: number;
}

export interface PairRow {
  pair_id: number;
  winner_id: string;
  loser_id: string;
  channel_id: string;
  fold: Fold;
  margin: number;
}

export function toVideo(row: VideoRow): Video {
  return {
    videoId: row.video_id,
    channelId: row.channel_id,
    channelTitle: row.channel_title,
    title: row.title,
    publishedAt: new Date(row.published_at),
    collectedAt: new Date(row.collected_at),
    views: row.views,
    durationSeconds: row.duration_seconds,
    likes: row.likes,
    comments: row.comments,
    subscribers: row.subscribers,
    language: row.language,
    niche: row.niche,
    picture: toPicture(row),
    trueCtr: row.true_ctr,
  };
}

export function toRatedVideo(row: RatedRow): RatedVideo {
  return {
    ...toVideo(row),
    fold: row.fold,
    viewsPerHour: row.views_per_hour,
    proxy: row.proxy,
    ctrProxy: row.ctr_proxy,
  };
}

export function toPair(row: PairRow): TrainingPair {
  return {
    winnerId: row.winner_id,
    loserId: row.loser_id,
    channelId: row.channel_id,
    fold: row.fold,
    margin: row.margin,
  };
}

export function toPicture(row: Pick<VideoRow, "picture_sha256" | "picture_format">): Thumbnail | null {
  if (row.picture_sha256 === null || row.picture_format === null) return null;
  return { sha256: row.picture_sha256, format: row.picture_format };
}

/** A video as `upsert_videos` takes it: keys are columns of channels and thumbnails. */
export function toVideoRow(video: Video): Record<string, unknown> {
  return {
    video_id: video.videoId,
    channel_id: video.channelId,
    channel_title: storable(video.channelTitle),
    title: storable(video.title),
    published_at: video.publishedAt,
    collected_at: video.collectedAt,
    views: video.views,
    duration_seconds: video.durationSeconds,
    likes: video.likes,
    comments: video.comments,
    subscribers: video.subscribers,
    language: video.language,
    niche: video.niche,
    picture_sha256: video.picture?.sha256 ?? null,
    picture_format: video.picture?.format ?? null,
    true_ctr: video.trueCtr,
  };
}

/** Text as PostgreSQL can hold it: a NUL and half a surrogate pair become U+FFFD. */
function storable(text: string | null): string | null {
  return text === null ? null : Buffer.from(text.replaceAll("\0", "\ufffd"), "utf8").toString("utf8");
}

/** Bytes as a driver gives them, or as PostgreSQL writes them in JSON: "\\x" and hex digits. */
export function toBytes(given: unknown): Uint8Array {
  return given instanceof Uint8Array ? given : Buffer.from(String(given).slice(2), "hex");
}
