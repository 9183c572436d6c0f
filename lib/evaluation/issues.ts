import type { PairOptions, TrainingOptions } from "../config";
import type { EpochRecord, FoldResult } from "../runs";
import { count, counted, decimal } from "./format";
import type { EvaluationReport } from "./report";

/** The guide's three issues ("Common Issues"), two that small data sets often have, and a label that measures time. */
export type Issue =
  | "aucStuck"
  | "lowCorrelation"
  | "overfitting"
  | "trainedTooLong"
  | "idlePictures"
  | "labelFollowsTime";

/**
 * An issue that was found: the numbers that triggered it, and the guide's advice with the present settings filled in.
 */
export interface Finding {
  issue: Issue;
  title: string;
  evidence: string;
  advice: string[];
}

/** What was checked, and what was found. */
export interface Diagnosis {
  findings: Finding[];
  /** The numbers compared with their thresholds, even if nothing was found; names those that were not available. */
  looked: string[];
}

/** What an issue is judged by. */
export interface Symptoms {
  history: readonly EpochRecord[];
  report: EvaluationReport | null;
  training: TrainingOptions;
  proxy: PairOptions["proxy"];
  /** How the folds did that the number of epochs was chosen by, if it was. */
  folds?: readonly FoldResult[] | undefined;
}

/** A validation AUC no higher than this over the whole second half of the run counts as stuck at 0.5. */
export const STUCK_AUC = 0.52;
/** The guide's threshold for "correlation very low". */
export const LOW_CORRELATION = 0.1;
/** A train AUC this far above the validation AUC counts as overfitting. */
export const OVERFITTING_GAP = 0.1;

/** What one check looked at, and what it found. */
export interface Check {
  looked: string;
  finding: Finding | null;
}

/** Issue 1: the validation AUC stays at chance (or below) to the end of the run. */
export function aucStuck({ history, report, training }: Symptoms): Check {
  const late = known(history, "valAuc").slice(-Math.ceil(history.length / 2));
  const fallback = report?.folds.validation.pairwiseAuc ?? Number.NaN;
  const best = late.length > 0 ? Math.max(...late) : fallback;
  if (Number.isNaN(best)) return { looked: "validation AUC: not known", finding: null };
  const where = late.length > 0 ? `best validation AUC of the last ${counted(late.length, "epoch")}` : "validation AUC";
  const looked = `${where}: ${decimal(best)} (stuck up to ${STUCK_AUC})`;
  if (best > STUCK_AUC) return { looked, finding: null };
  const advice = [
    learned(trainAuc(history, report)),
    learningRateAdvice(training.learningRate),
    longerAdvice(history, report),
    "verify that labels are correct: look at the pairs in the report and see whether their winners make sense",
    `increase the batch size: now ${training.batchSize}, try ${training.batchSize * 2} or ${training.batchSize * 4}`,
  ];
  const evidence = `the ${where} is ${decimal(best)} (threshold ${STUCK_AUC}, chance is 0.5)`;
  return {
    looked,
    finding: { issue: "aucStuck", title: "AUC stuck at 0.5", evidence, advice: advice.filter(Boolean) },
  };
}

/** Issue 2: predicted CTR barely correlates with its target. */
export function lowCorrelation({ history, report, proxy }: Symptoms): Check {
  const figures = [
    ["validation", known(history, "valCorr").at(-1) ?? Number.NaN],
    ["unseen channels", report?.channel.metrics.ctrCorrelation.value ?? Number.NaN],
  ] as const;
  const defined = figures.filter(([, value]) => !Number.isNaN(value));
  if (defined.length === 0) return { looked: "correlation of the CTR head: not known", finding: null };
  const shown = defined.map(([name, value]) => `${decimal(value)} (${name})`).join(", ");
  const looked = `correlation of the CTR head: ${shown} (low below ${LOW_CORRELATION})`;
  if (defined.every(([, value]) => value >= LOW_CORRELATION)) return { looked, finding: null };
  const other = proxy === "viewsPerHour" ? "ageAdjusted" : "viewsPerHour";
  const advice = [
    `the engagement proxy may be noisy${proxyAgeHint(report?.channel.baselines.newer.pairwiseAuc.value)}`,
    dataAdvice(report?.folds.train, history),
    `try a different normalisation: the proxy is now "${proxy}", try "${other}"`,
  ];
  const evidence = `the CTR head's correlation with its target is ${shown} (threshold ${LOW_CORRELATION})`;
  return { looked, finding: { issue: "lowCorrelation", title: "Correlation very low", evidence, advice } };
}

/** Issue 3: the model ranks its training pairs far better than validation pairs. */
export function overfitting({ history, report, training }: Symptoms): Check {
  const train = trainAuc(history, report);
  const validation = known(history, "valAuc").at(-1) ?? report?.folds.validation.pairwiseAuc ?? Number.NaN;
  const gap = train - validation;
  if (Number.isNaN(gap)) return { looked: "train AUC minus validation AUC: not known", finding: null };
  const shown = `train AUC ${decimal(train)}, validation AUC ${decimal(validation)}`;
  const looked = `${shown}: gap ${decimal(gap)} (overfitting above ${OVERFITTING_GAP})`;
  if (gap <= OVERFITTING_GAP) return { looked, finding: null };
  const { dropoutScale, weightDecay, mixupAlpha, labelSmoothing } = training;
  const advice = [
    `increase dropout: the CTR head's first rate is now ${decimal(0.2 * dropoutScale, 2)} (dropoutScale ${dropoutScale}), ` +
      (dropoutScale < 1.5 ? "the guide's next is 0.30 (dropoutScale 1.5)" : "already at the guide's 0.30"),
    `add weight decay: now ${weightDecay}, ${weightDecay < 0.02 ? "try 0.02" : "already at the guide's 0.02 or more"}`,
    `use more data augmentation: mixup's alpha is ${mixupAlpha}${mixupAlpha === 0 ? ", which is off; the guide's is 0.3" : ""}`,
    `enable label smoothing: ${labelSmoothing > 0 ? `already on, ${labelSmoothing}` : "now off; the guide's is 0.15"}`,
    bestEpoch(history),
  ];
  const evidence = `${shown}: a gap of ${decimal(gap)} (threshold ${OVERFITTING_GAP})`;
  return { looked, finding: { issue: "overfitting", title: "Overfitting", evidence, advice: advice.filter(Boolean) } };
}

/** A metric's values in the epochs that have it. */
function known(history: readonly EpochRecord[], metric: "valAuc" | "valCorr" | "trainAuc"): number[] {
  return history.flatMap((record) => record[metric] ?? []);
}

function trainAuc(history: readonly EpochRecord[], report: Symptoms["report"]): number {
  return known(history, "trainAuc").at(-1) ?? report?.folds.train.pairwiseAuc ?? Number.NaN;
}

function learned(train: number): string {
  if (Number.isNaN(train)) return "";
  if (train < 0.55) return `the model is not learning: its AUC on training pairs is ${decimal(train)} too`;
  return `the model does learn its training pairs (AUC ${decimal(train)}), but nothing that carries over to other channels`;
}

function learningRateAdvice(rate: number): string {
  const range =
    rate < 1e-5 || rate > 1e-4 ? "outside the guide's range of 1e-5 to 1e-4" : "try others from 1e-5 to 1e-4";
  return `check the learning rate: now ${rate.toExponential()}, ${range}`;
}

/** A short run that has not even learned its training pairs may simply have been too short. */
function longerAdvice(history: readonly EpochRecord[], report: Symptoms["report"]): string {
  const short = history.length > 0 && history.length < 20 && !(trainAuc(history, report) >= 0.55);
  return short ? `train longer: this run had ${counted(history.length, "epoch")}` : "";
}

function proxyAgeHint(newer: number | undefined): string {
  if (newer === undefined || Number.isNaN(newer) || Math.abs(newer - 0.5) < 0.05) return "";
  return `: publication date alone ranks pairs with an AUC of ${decimal(newer)}, so it measures age too`;
}

function dataAdvice(train: { videos: number; channels: number } | undefined, history: readonly EpochRecord[]): string {
  const pairs = history.at(-1)?.pairs;
  const have = [
    ...(train ? [`${counted(train.videos, "training video")} of ${counted(train.channels, "channel")}`] : []),
    ...(pairs === undefined ? [] : [counted(pairs, "pair")]),
  ];
  const minimum = `the guide's minimum is ${count(120_000)} thumbnails of 500 channels with ${count(50_000)} pairs`;
  return `get more data: ${[...have, minimum].join("; ")}`;
}

function bestEpoch(history: readonly EpochRecord[]): string {
  const best = history.reduce<EpochRecord | null>(
    (kept, record) => (record.valAuc !== null && record.valAuc > (kept?.valAuc ?? 0) ? record : kept),
    null,
  );
  if (best?.valAuc == null || best.epoch === history.at(-1)?.epoch) return "";
  return `or stop earlier: validation AUC was best after epoch ${best.epoch} (${decimal(best.valAuc)})`;
}
