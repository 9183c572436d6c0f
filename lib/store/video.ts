import { join } from "node:path";
import { z } from "zod";
import { VIEWS_UNITS } from "../config";
import { FOLDS } from "./types";

/** A stored picture, named by its content, so that identical pictures are one file. */
export const Thumbnail = z.object({ sha256: z.string(), format: z.enum(["jpeg", "png", "webp"]) });
export type Thumbnail = z.infer<typeof Thumbnail>;

/** Path of a stored picture: `<thumbnailsFolder>/<first 2 digits of sha256>/<sha256>.<format>`. */
export function picturePath(thumbnailsFolder: string, { sha256, format }: Thumbnail): string {
  return join(thumbnailsFolder, sha256.slice(0, 2), `${sha256}.${format}`);
}

/** Some databases return instants as text. */
const Instant = z.coerce.date();

/**
 * A video as all of lib uses it, validated once where it enters. Null means that the source did not say. Every field is
 * a column of `thumbnails` or `channels` with the same name in snake case; the picture takes two columns. A field added
 * together with its column (CONTRIBUTING) is written and read without further changes: make it `nullish()`, since older
 * sources lack it.
 */
export const Video = z.object({
  videoId: z.string(),
  channelId: z.string(),
  channelTitle: z.string().nullable(),
  title: z.string(),
  publishedAt: Instant,
  /** When `views` was read. */
  collectedAt: Instant,
  views: z.number(),
  durationSeconds: z.number().nullable(),
  likes: z.number().nullable(),
  comments: z.number().nullable(),
  /** Subscribers of the channel, when collected. */
  subscribers: z.number().nullable(),
  language: z.string().nullable(),
  niche: z.string().nullable(),
  /** Its file is at `picturePath(thumbnailsFolder, picture)`. */
  picture: Thumbnail.nullable(),
  /** True click-through rate from the owner's Reporting API (0-1), if there is one. */
  trueCtr: z.number().nullable(),
  /** What `views` counts as, if the source says so; else it follows from the dates. */
  viewsUnit: z.preprocess((unit) => unit ?? undefined, z.enum(VIEWS_UNITS).optional()),
});
export type Video = z.infer<typeof Video>;

/** A video that passed the quality rules, with the values that SQL computed for it. */
export const RatedVideo = Video.extend({
  fold: z.enum(FOLDS),
  /** Unit of the views that it is rated by; videos of different units are never compared. */
  labelUnit: z.enum(VIEWS_UNITS),
  /** Over the video's whole life; between two ages if the proxy is `snapshots`. */
  viewsPerHour: z.number(),
  /** The chosen engagement proxy (docs/LABELS.md); pairs are labelled by it. */
  proxy: z.number(),
  /** Percentile of the proxy within the channel, 0-1: the CTR proxy. Never to be shown as CTR. */
  ctrProxy: z.number(),
  /** Log views less the channel's trend in time and log age; null in pairs of earlier versions, as below. */
  residual: z.number().nullish(),
  /** Percentile of the residual among the videos published around it in its channel and fold, 0-1. */
  ctrNeighbours: z.number().nullish(),
});
export type RatedVideo = z.infer<typeof RatedVideo>;

/** Columns of thumbnails and channels by name, as `videos_after` returns them and `upsert_videos` takes them. */
export type VideoRow = Record<string, unknown>;

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const COLUMNS = Object.keys(RatedVideo.shape).map((field) => ({ field, column: columnOf(field) }));
const WRITTEN = new Set(Object.keys(Video.shape));

export const toVideo = (row: VideoRow): Video => Video.parse(toFields(row));

export const toRatedVideo = (row: VideoRow): RatedVideo => RatedVideo.parse(toFields(row));

function toFields(row: VideoRow): Record<string, unknown> {
  const fields = Object.fromEntries(COLUMNS.map(({ field, column }) => [field, row[column]]));
  const { picture_sha256: sha256, picture_format: format } = row;
  return { ...fields, picture: sha256 === null ? null : { sha256, format } };
}

/** A video as `upsert_videos` takes it. */
export function toVideoRow({ picture, ...video }: Video): VideoRow {
  const fields: [string, unknown][] = Object.entries(video).filter(([field]) => WRITTEN.has(field));
  const row = Object.fromEntries(fields.map(([field, value]) => [columnOf(field), storable(value)]));
  return { ...row, picture_sha256: picture?.sha256 ?? null, picture_format: picture?.format ?? null };
}

/** Makes text storable in PostgreSQL: NULs and unpaired surrogates become U+FFFD. */
function storable(value: unknown): unknown {
  return typeof value === "string" ? Buffer.from(value.replaceAll("\0", "\ufffd"), "utf8").toString("utf8") : value;
}
