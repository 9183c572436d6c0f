import type { TrainingData } from "../features";
import type { ReliabilityBin } from "../metrics";
import type { Fold } from "../store";
import type { BaselineFit, BaselineName } from "./baselines";
import type { Estimate } from "./bootstrap";

/** The metrics of one list of scores on one part of the data. */
export interface Metrics {
  /** All pairs of the part, each counting the same. */
  pairwiseAuc: Estimate;
  /** Mean over channels of their own AUC: each channel counts the same. */
  pairwiseAucByChannel: Estimate;
  /** Spearman's correlation of score and proxy within each channel of at least 3 videos; plain mean over channels. */
  spearman: Estimate;
  /** Spearman's correlation of score and CTR target over all videos at once. */
  spearmanPooled: Estimate;
  /** Pearson's correlation of the predicted CTR with the CTR target. */
  ctrCorrelation: Estimate;
}

/** A baseline on the pairs of a split, and what the model has over it on the same resamples. */
export interface BaselineResult {
  pairwiseAuc: Estimate;
  /**
   * AUC of the model minus AUC of the baseline; an interval that holds 0 means: not told apart. For `random` it is
   * AUC - 0.5, since one draw of random scores is as good as another.
   */
  advantage: Estimate;
}

/** How far the probability that A beats B can be believed. */
export interface CalibrationResult {
  /** p = sigmoid(slope * (sA - sB)). */
  slope: number;
  /** Validation pairs it was fitted on; without any the slope is 0 and every probability one half. */
  fittedOn: number;
  bins: ReliabilityBin[];
  expectedError: Estimate;
  brier: Estimate;
  logLoss: Estimate;
}

/** One niche of a split. Channels whose source names none are under "unknown". */
export interface NicheResult {
  niche: string;
  channels: number;
  videos: number;
  pairs: number;
  pairwiseAuc: Estimate;
  spearman: Estimate;
  ctrCorrelation: Estimate;
}

/** One channel of a split. Its interval is over its videos, since it is one channel. */
export interface ChannelResult {
  channelId: string;
  channelTitle: string | null;
  niche: string;
  videos: number;
  pairs: number;
  pairwiseAuc: Estimate;
  /** AUC of each baseline on the channel's pairs; NaN if it could not be fitted. */
  baselines: Record<BaselineName, number>;
  /** NaN below 3 videos or where a side is constant. */
  spearman: number;
}

/** A pair as the model ranked it; rows of the data. */
export interface RankedPair {
  winner: number;
  loser: number;
  /** Probability given to the true winner. */
  probability: number;
}

/** One video of a split, for plots: both as percentiles within its channel, 0-1. */
export interface Standing {
  score: number;
  proxy: number;
}

/** Everything measured on one split. */
export interface SplitResult {
  channels: number;
  /** Channels of equal size that would weigh as much, (sum of pairs)^2 / sum of squares (Kish): few where one dominates. */
  effectiveChannels: number;
  videos: number;
  pairs: number;
  metrics: Metrics;
  baselines: Record<BaselineName, BaselineResult>;
  /** Sample world only: AUC of the true appeal, and the share (AUC - 0.5) / (best - 0.5) that the model recovered. */
  bestPossible: { pairwiseAuc: Estimate; recovered: Estimate } | null;
  calibration: CalibrationResult;
  niches: NicheResult[];
  channelResults: ChannelResult[];
  standings: Standing[];
  bestPairs: RankedPair[];
  worstPairs: RankedPair[];
}

/** All that `evaluate` finds. Figures that are not defined are NaN here and null in JSON. */
export interface EvaluationReport {
  videos: TrainingData["videos"];
  identities: TrainingData["identities"];
  dataHash: string;
  seed: number;
  resamples: number;
  /** Whether the data are the sample world's, whose true appeal is known. */
  synthetic: boolean;
  /** What the CTR target is: the proxy, the owner's CTR, or each for some videos. */
  ctrTarget: "proxy" | "trueCtr" | "mixed";
  /** Videos whose target is their true CTR. */
  trueCtrTargets: number;
  /** Videos and pairs of each fold, and the model's AUC on its pairs; the gap of train to validation shows overfitting. */
  folds: Record<Fold, { videos: number; channels: number; pairs: number; pairwiseAuc: number }>;
  baselineFits: Partial<Record<BaselineName, BaselineFit>>;
  /** Channels never seen in training. */
  channel: SplitResult;
  /** The next videos of the channels trained on. */
  time: SplitResult;
}
