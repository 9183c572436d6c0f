import type { ViewsUnit } from "../config";
import type { Fold } from "./types";

/**
 * The quality rules in the order in which they apply; an excluded video is marked with the rule's name. "no readings at
 * that age" applies only if views per hour are measured between two readings (`proxy: "snapshots"`); "outlier" applies
 * last and to training videos only, once folds are drawn.
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

/** Result of one rule on the videos that the rules before it kept. */
export interface QualityOutcome {
  rule: QualityRule;
  removed: number;
  /** False if no video left has the column that the rule reads. */
  applied: boolean;
  /** What the rule could not check, such as videos without a language, which it kept. */
  note: string | null;
}

/** Size of one fold. */
export interface FoldCounts {
  channels: number;
  videos: number;
  pairs: number;
}

/** What `buildPairs` built. */
export interface PairsReport {
  /** Videos in the store, and those that the quality rules kept. */
  videos: number;
  kept: number;
  quality: QualityOutcome[];
  folds: Record<Fold, FoldCounts>;
  /** Videos dropped from validation, test and time because their picture occurs in another fold. */
  duplicatePictures: number;
  /** Exponent b of the growth curve views ~ age^b; null if it cannot be estimated (all videos equally old). */
  growthExponent: number | null;
  /** Videos in any fold, by the unit of the views that they are rated by. */
  viewsUnits: Partial<Record<ViewsUnit, number>>;
}
