import { at, permutation, random } from "../base";
import type { PairSet, TrainingData } from "../features";
import { pairwiseAuc, pearson } from "../metrics";
import type { ValidationMetrics } from "./records";
import type { RowScorer } from "./row-scores";

/** Training pairs that `trainAuc` is taken over: enough for a standard error of 0.01. */
const SAMPLED_PAIRS = 2000;

/** Rows and pairs that metrics between epochs are taken over; the same in each epoch. */
export interface Watch {
  /** Rows to predict. */
  rows: Int32Array;
  validationRows: Int32Array;
  validationPairs: PairSet;
  trainPairs: Pick<PairSet, "winners" | "losers">;
}

/** What metrics are taken of, and with what. */
export interface Watched {
  scorer: RowScorer;
  watch: Watch;
}

/** Chooses the validation fold and a fixed sample of training pairs. */
export function watchOf({ videos, pairs }: TrainingData, seed: number): Watch {
  const validationRows = Int32Array.from(videos.flatMap(({ fold }, row) => (fold === "validation" ? [row] : [])));
  const { winners, losers } = pairs.train;
  const sample = permutation(winners.length, random(seed, "train-auc")).subarray(0, SAMPLED_PAIRS);
  const trainPairs = {
    winners: sample.map((pair) => at(winners, pair)),
    losers: sample.map((pair) => at(losers, pair)),
  };
  const rows = new Set([...validationRows, ...trainPairs.winners, ...trainPairs.losers]);
  return { rows: Int32Array.from(rows), validationRows, validationPairs: pairs.validation, trainPairs };
}

/** How the present weights do on what is watched. */
export async function validate(
  { scorer, watch }: Watched,
  data: TrainingData,
): Promise<ValidationMetrics & { trainAuc: number | null }> {
  const predicted = await scorer.score(watch.rows);
  const [scores, ctr] = [predicted.scores, predicted.ctr].map((values) => scatter(values, watch.rows, data)) as [
    Float32Array,
    Float32Array,
  ];
  const { validationRows, validationPairs, trainPairs } = watch;
  const of = (values: Float32Array) => Array.from(validationRows, (row) => at(values, row));
  return {
    valAuc: nullIfUndefined(pairwiseAuc(scores, validationPairs)),
    valCorr: nullIfUndefined(pearson(of(ctr), of(data.ctrTargets))),
    trainAuc: nullIfUndefined(pairwiseAuc(scores, trainPairs)),
  };
}

/** Records are JSON, which has no NaN: a metric without enough pairs or videos is null. */
function nullIfUndefined(metric: number): number | null {
  return Number.isNaN(metric) ? null : metric;
}

/** Values of some rows at the places of all. */
function scatter(values: Float32Array, rows: Int32Array, { videos }: TrainingData): Float32Array {
  const all = new Float32Array(videos.length);
  rows.forEach((row, place) => {
    all[row] = at(values, place);
  });
  return all;
}
