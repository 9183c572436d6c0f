import type { TrainingData } from "../features";
import type { ReliabilityBin } from "../metrics";
import type { Fold } from "../store";
import type { BaselineFit, BaselineName } from "./baselines";
import type { Estimate } from "./bootstrap";
import type { SplitScores } from "./kept-scores";

/** The metrics of one list of scores on one part of the data. */
export interface Metrics {
  /** All pairs of the part, equally weighted. */
  pairwiseAuc: Estimate;
  /** Mean over channels of their own AUC, equally weighted. */
  pairwiseAucByChannel: Estimate;
  /** Spearman's correlation of score and proxy within each channel of at least 3 videos; plain mean over channels. */
  spearman: Estimate;
  /** Spearman's correlation of score and CTR target over all videos at once. */
  spearmanPooled: Estimate;
  /** Pearson's correlation of the predicted CTR with the CTR target. */
  ctrCorrelation: Estimate;
}

/** A baseline on the pairs of a split, and the model's advantage over it on the same resamples. */
export interface BaselineResult {
  pairwiseAuc: Estimate;
  /** As in `Metrics`. */
  pairwiseAucByChannel: Estimate;
  /**
   * AUC of the model minus AUC of the baseline; an interval that contains 0 means that they cannot be distinguished.
   * For `random` it is AUC - 0.5, since one draw of random scores is as good as another.
   */
  advantage: Estimate;
}

/** The pairs of a split whose winner has from `from` to less than `to` times the loser's label. */
export interface GapResult {
  from: number;
  /** Infinity if there is no upper bound; null in JSON. */
  to: number;
  pairs: number;
  /** Channels that have such pairs. */
  channels: number;
  pairwiseAuc: Estimate;
  baselines: Record<BaselineName, Estimate>;
}

/** How reliable the probability that A beats B is. */
export interface CalibrationResult {
  /** p = sigmoid(slope * (sA - sB)). */
  slope: number;
  /** Validation pairs it was fitted on; without any, the slope is 0 and every probability one half. */
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

/** One channel of a split. Its interval is over its videos, since it is a single channel. */
export interface ChannelResult {
  channelId: string;
  channelTitle: string | null;
  niche: string;
  videos: number;
  pairs: number;
  pairwiseAuc: Estimate;
  /** AUC of each baseline on the channel's pairs; NaN if it could not be fitted. */
  baselines: Record<BaselineName, number>;
  /** NaN with fewer than 3 videos, or if scores or targets are constant. */
  spearman: number;
}

/** A pair as the model ranked it; rows of the data. */
export interface RankedPair {
  winner: number;
  loser: number;
  /** Probability assigned to the true winner. */
  probability: number;
}

/** One video of a split, for plots: score and proxy as percentiles within its channel, 0-1. */
export interface Standing {
  score: number;
  proxy: number;
}

/** Everything measured on one split. */
export interface SplitResult {
  channels: number;
  /** Number of equal channels of the same weight, (sum of pairs)^2 / sum of squares (Kish): low if one dominates. */
  effectiveChannels: number;
  videos: number;
  pairs: number;
  metrics: Metrics;
  baselines: Record<BaselineName, BaselineResult>;
  /** AUC of the logistic regression on pictures and titles minus that of the one on titles alone. */
  pictureGain: Estimate;
  /** AUC by how clearly the winner won, from the narrowest band of pairs to the widest. */
  gaps: GapResult[];
  /** AUC on the pairs whose winner has at least three times the loser's label. */
  decided: GapResult;
  /**
   * Sample world only: AUC of the appeal that the pictures were drawn with, and the model's share of it,
   * (AUC - 0.5) / (AUC of the true appeal - 0.5). It is no upper bound: the noise of the views, which decides pairs
   * against the appeal, may agree with the model by chance, and the share may exceed 1.
   */
  trueAppeal: { pairwiseAuc: Estimate; recovered: Estimate } | null;
  calibration: CalibrationResult;
  niches: NicheResult[];
  channelResults: ChannelResult[];
  standings: Standing[];
  /** The scores themselves, for comparisons with other runs. */
  scores: SplitScores;
  bestPairs: RankedPair[];
  worstPairs: RankedPair[];
}

/**
 * Later videos of channels with an offset: the global model, and the same with what each channel's own past says. Only
 * channels with an offset count.
 */
export interface KnownChannels {
  channels: number;
  pairs: number;
  global: { pairwiseAuc: Estimate; pairwiseAucByChannel: Estimate };
  withOffset: { pairwiseAuc: Estimate; pairwiseAucByChannel: Estimate };
  /** With offset minus global, on the same resamples. */
  difference: { pairwiseAuc: Estimate; pairwiseAucByChannel: Estimate };
}

/** Everything that `evaluate` finds. Undefined figures are NaN here and null in JSON. */
export interface EvaluationReport {
  videos: TrainingData["videos"];
  identities: TrainingData["identities"];
  dataHash: string;
  seed: number;
  resamples: number;
  /** Whether the data come from the sample world, whose true appeal is known. */
  synthetic: boolean;
  /** What the CTR target is: the proxy, the owner's CTR, or a mix of both across videos. */
  ctrTarget: "proxy" | "trueCtr" | "mixed";
  /** Videos whose target is their true CTR. */
  trueCtrTargets: number;
  /** Videos, pairs and the model's AUC of each fold; the gap from train to validation shows overfitting. */
  folds: Record<Fold, { videos: number; channels: number; pairs: number; pairwiseAuc: number }>;
  /** What an exported model says of itself, if it was evaluated on videos of another home; null for a run in its own. */
  exported: {
    name: string;
    /** SHA-256 of the data it was trained on. */
    dataHash: string;
    /** Number of channels that it was trained, stopped or calibrated on; null if it does not name them. */
    trainingChannels: number | null;
    /** Channels of these data that are among them, and left out. */
    refusedChannels: string[];
  } | null;
  baselineFits: Partial<Record<BaselineName, BaselineFit>>;
  /** Channels never seen in training. */
  channel: SplitResult;
  /** The next videos of the channels trained on, by the global model. */
  time: SplitResult;
  /** The same with the offsets of known channels; null if there are none. */
  knownChannels: KnownChannels | null;
}
