import { join } from "node:path";

/** A video as every room knows it: parsed once at the edge, typed ever after. Null means the source did not say. */
export interface Video {
  videoId: string;
  channelId: string;
  channelTitle: string | null;
  title: string;
  publishedAt: Date;
  /** When `views` was read. */
  collectedAt: Date;
  views: number;
  durationSeconds: number | null;
  likes: number | null;
  comments: number | null;
  /** Subscribers of the channel, when collected. */
  subscribers: number | null;
  language: string | null;
  niche: string | null;
  /** SHA-256 of the picture's bytes, hex; the picture lies at `picturePath(home, picture)`. */
  picture: Thumbnail | null;
  /** True click-through rate from the owner's Reporting API (0-1), where there is one. */
  trueCtr: number | null;
}

/** A stored picture, named by its content, so that identical pictures are one file. */
export interface Thumbnail {
  sha256: string;
  format: "jpeg" | "png" | "webp";
}

/**
 * Where a video stands in the splits. `train`, `validation` and `test` are by channel (test: channels never seen);
 * `time` holds the latest videos of training channels, which the model never trains on.
 */
export const FOLDS = ["train", "validation", "test", "time"] as const;
export type Fold = (typeof FOLDS)[number];

/** A video that passed the quality rules, with what SQL computed of it. */
export interface RatedVideo extends Video {
  fold: Fold;
  /** Of its whole life; between two ages where the proxy is `snapshots`. */
  viewsPerHour: number;
  /** The chosen engagement proxy (`viewsPerHour`, `ageAdjusted` or `snapshots`); pairs are labelled by it. */
  proxy: number;
  /** Percentile of the proxy within the channel, 0-1: the CTR proxy. Never to be shown as CTR. */
  ctrProxy: number;
}

/** Two videos of one channel, at most 30 days apart, both in the same fold; `winner` has the higher proxy. */
export interface TrainingPair {
  winnerId: string;
  loserId: string;
  channelId: string;
  fold: Fold;
  /** |a - b| / max(a, b) of the proxy, in (0, 1]. */
  margin: number;
}

/** Who made an embedding. Vectors of different identities are never mixed. */
export interface EncoderIdentity {
  kind: "image" | "text";
  /** "clip-vit-l-14", "minilm", "descriptor" or "title-hash". */
  model: string;
  revision: string;
  preprocessing: string;
  normalisation: "l2";
  dimensions: number;
}

/** Outcome of one upsert. */
export interface UpsertCounts {
  inserted: number;
  updated: number;
  unchanged: number;
}

/** Where a picture lies below the folder of stored pictures: `<first 2 of sha256>/<sha256>.<format>`. */
export function picturePath(thumbnailsFolder: string, { sha256, format }: Thumbnail): string {
  return join(thumbnailsFolder, sha256.slice(0, 2), `${sha256}.${format}`);
}
