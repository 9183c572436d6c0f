import type { Fold } from "./types";

/**
 * The quality rules, in the order in which they apply; also what marks a video as excluded. "no readings at that age"
 * is there only where views per hour are measured between two readings (`proxy: "snapshots"`).
 */
export const QUALITY_RULES = [
  "no picture",
  "window",
  "age",
  "views",
  "duration",
  "language",
  "subscribers",
  "active channel",
  "no readings at that age",
  "outlier",
] as const;
export type QualityRule = (typeof QUALITY_RULES)[number];

/** What one rule did to the videos that the rules before it left. */
export interface QualityOutcome {
  rule: QualityRule;
  removed: number;
  /** False if no video left has the column that the rule reads. */
  applied: boolean;
  /** What the rule could not see, such as videos without a language, which it kept. */
  note: string | null;
}

/** What one fold holds. */
export interface FoldCounts {
  channels: number;
  videos: number;
  pairs: number;
}

/** What `buildPairs` built. */
export interface PairsReport {
  /** Videos in the store, and those the quality rules left. */
  videos: number;
  kept: number;
  quality: QualityOutcome[];
  folds: Record<Fold, FoldCounts>;
  /** Videos dropped from validation, test and time since their picture occurs in another fold. */
  duplicatePictures: number;
  /** Exponent b of the growth curve views ~ age^b; null if the ages do not tell (every video equally old). */
  growthExponent: number | null;
}
