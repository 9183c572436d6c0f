import type * as tf from "@tensorflow/tfjs";
import { at, permutation, random } from "../base";
import type { Compiled } from "../engine";
import type { PairSet, TrainingData } from "../features";
import { pairwiseAuc, pearson } from "../metrics";
import type { Predictions } from "../model";
import { ctrHead, EVALUATION, pairwiseHead, sharedFeatures } from "../model";
import type { EpochRecord, ValidationMetrics } from "./records";
import type { StepSetting } from "./step";
import { gatherRows } from "./variables";

/** Number of training pairs for `trainAuc`: enough for a standard error of 0.01. */
const SAMPLED_PAIRS = 2000;

/** Rows and pairs for the metrics between epochs; the same in each epoch. */
export interface Watch {
  /** Rows to predict. */
  rows: Int32Array;
  validationRows: Int32Array;
  validationPairs: PairSet;
  /** 1 / (validation pairs of the pair's channel): with these weights each channel counts the same. */
  validationShares: Float64Array;
  trainPairs: Pick<PairSet, "winners" | "losers">;
}

/** What metrics are computed on, and with what. */
export interface Watched {
  scorer: RowScorer;
  watch: Watch;
}

/** Rows per run: 128 to 1024 took equally long in a validation, and small chunks lose less on a short last one. */
const CHUNK_ROWS = 256;

/** Predicts rows of the features that the engine holds, in evaluation mode, with the weights in training. */
interface RowScorer {
  score(rows: Int32Array): Promise<Pick<Predictions, "scores" | "ctr">>;
  /** Frees the compiled pass. */
  dispose(): void;
}

/** Chooses the validation fold and a fixed sample of training pairs. */
export function sampleWatched({ videos, pairs }: TrainingData, seed: number): Watch {
  const validationRows = Int32Array.from(videos.flatMap(({ fold }, row) => (fold === "validation" ? [row] : [])));
  const { winners, losers } = pairs.train;
  const sample = permutation(winners.length, random(seed, "train-auc")).subarray(0, SAMPLED_PAIRS);
  const trainPairs = {
    winners: sample.map((pair) => at(winners, pair)),
    losers: sample.map((pair) => at(losers, pair)),
  };
  const rows = new Set([...validationRows, ...trainPairs.winners, ...trainPairs.losers]);
  return {
    rows: Int32Array.from(rows),
    validationRows,
    validationPairs: pairs.validation,
    validationShares: channelShares(videos, pairs.validation),
    trainPairs,
  };
}

function channelShares(videos: TrainingData["videos"], { winners }: PairSet): Float64Array {
  const channels = Array.from(winners, (row) => at(videos, row).channelId);
  const counts = new Map<string, number>();
  for (const channel of channels) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return Float64Array.from(channels, (channel) => 1 / (counts.get(channel) ?? 0));
}

/** Computes the metrics of the present weights on the watched rows and pairs. */
export async function validate(
  { scorer, watch }: Watched,
  data: TrainingData,
): Promise<ValidationMetrics & Pick<EpochRecord, "valAucByChannel" | "trainAuc">> {
  const predicted = await scorer.score(watch.rows);
  const [scores, ctr] = [predicted.scores, predicted.ctr].map((values) => scatter(values, watch.rows, data)) as [
    Float32Array,
    Float32Array,
  ];
  const { validationRows, validationPairs, validationShares, trainPairs } = watch;
  const of = (values: Float32Array) => Array.from(validationRows, (row) => at(values, row));
  return {
    valAuc: nullIfUndefined(pairwiseAuc(scores, validationPairs)),
    valAucByChannel: nullIfUndefined(pairwiseAuc(scores, validationPairs, validationShares)),
    valCorr: nullIfUndefined(pearson(of(ctr), of(data.ctrTargets))),
    trainAuc: nullIfUndefined(pairwiseAuc(scores, trainPairs)),
  };
}

/** Records are JSON, which has no NaN: a metric without enough pairs or videos is null. */
function nullIfUndefined(metric: number): number | null {
  return Number.isNaN(metric) ? null : metric;
}

/** Scatters values of some rows to their positions among all rows. */
function scatter(values: Float32Array, rows: Int32Array, { videos }: TrainingData): Float32Array {
  const all = new Float32Array(videos.length);
  rows.forEach((row, place) => {
    all[row] = at(values, place);
  });
  return all;
}

/** Compiles the pass; only row indices are fed to it. */
export function rowScorer(
  { engine, model, variables }: Pick<StepSetting, "engine" | "model" | "variables">,
  chunkRows = CHUNK_ROWS,
): RowScorer {
  const pass = (rows: tf.Tensor) => {
    const parameters = model.parametersIn(variables.parameters);
    const shared = sharedFeatures(parameters, gatherRows(variables, rows as tf.Tensor1D));
    return [pairwiseHead(parameters, shared, EVALUATION), ctrHead(parameters, shared, EVALUATION)];
  };
  const compiled = engine.jit((rows) => pass(rows as tf.Tensor), { shape: [chunkRows], dtype: "int32" });
  const score = async (rows: Int32Array) => {
    await variables.towerVectors?.refresh(rows);
    return scoreChunks(compiled, rows, chunkRows);
  };
  return { score, dispose: () => compiled.dispose() };
}

async function scoreChunks(
  compiled: Compiled,
  rows: Int32Array,
  chunkRows: number,
): Promise<Pick<Predictions, "scores" | "ctr">> {
  const scores = new Float32Array(rows.length);
  const ctr = new Float32Array(rows.length);
  const chunk = new Int32Array(chunkRows);
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.subarray(start, start + chunkRows);
    chunk.set(part);
    const [chunkScores, chunkCtr] = (await compiled(chunk)) as [Float32Array, Float32Array];
    scores.set(chunkScores.subarray(0, part.length), start);
    ctr.set(chunkCtr.subarray(0, part.length), start);
  }
  return { scores, ctr };
}
