import type { PairOptions, ViewsUnit } from "../config";

/**
 * The splits of the videos. `train`, `validation` and `test` are split by channel (test: channels never seen);
 * `time` holds the latest videos of training channels, which the model never trains on.
 */
export const FOLDS = ["train", "validation", "test", "time"] as const;
export type Fold = (typeof FOLDS)[number];

/** Two videos of one channel, at most 30 days apart, both in the same fold; `winner` has the higher proxy. */
export interface TrainingPair {
  winnerId: string;
  loserId: string;
  channelId: string;
  fold: Fold;
  /** |a - b| / max(a, b) of the proxy, in (0, 1]. */
  margin: number;
}

/** The encoder that made an embedding. Vectors of different identities are never mixed. */
export interface EncoderIdentity {
  kind: "image" | "text";
  /** The encoder's name, such as "descriptor". */
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

/** Every proxy and CTR target of one rated video, whichever of them the pairs were built with. */
export interface VideoLabels {
  channelId: string;
  /** Unit of its views. */
  countUnit: ViewsUnit;
  publishedAt: Date;
  /** When its views were read. */
  ageHours: number;
  proxies: Record<PairOptions["proxy"], number | null>;
  ctrTargets: { neighbours: number; channel: number };
}
