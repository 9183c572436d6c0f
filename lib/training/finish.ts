import type * as tf from "@tensorflow/tfjs";
import { hashSeed, permutation, random } from "../base";
import type { Compiled } from "../engine";
import type { PairSet, TrainingData } from "../features";
import { ctrHead, mapWeights, sharedFeatures, type ThumbnailRankingModel, type Weights } from "../model";
import { batchSizes, stackedRows } from "./batches";
import type { TrainingSetting } from "./position";
import type { TrainingResult, ValidationMetrics } from "./records";
import type { StepSetting } from "./step";
import { validate, type Watched } from "./validate";
import { gatherRows, readVariables, writeVariables } from "./variables";

/** Equal-weight average of some epochs' weights. */
export interface WeightAverage {
  count: number;
  /** Empty while `count` is 0. */
  weights: Weights;
}

/**
 * Ends a training: if epochs were averaged, the trained model is the average with recomputed BatchNorm statistics
 * (guide, "Stochastic Weight Averaging"), otherwise the last weights. The variables keep the last weights, so that
 * training may continue.
 * @param swaCount epochs in the average
 */
export async function finishTraining(
  setting: TrainingSetting,
  data: TrainingData,
  watched: Watched,
  swaCount: number,
): Promise<{ result: TrainingResult; trained: ThumbnailRankingModel }> {
  const plain = await measureMetrics(data, watched);
  if (swaCount === 0) return { result: { plain, swa: null }, trained: await readModel(setting) };
  return withAverage(setting, async () => {
    const { train } = data.pairs;
    await updateBatchNorm(setting, train, permutation(train.winners.length, random(setting.options.seed, "update-bn")));
    return { result: { plain, swa: await measureMetrics(data, watched) }, trained: await readModel(setting) };
  });
}

/** Runs work while the variables hold the average, then restores them, including the BatchNorm statistics. */
async function withAverage<Result>(setting: TrainingSetting, work: () => Promise<Result>): Promise<Result> {
  const { swa, variables } = setting;
  const { parameters, trainable } = variables;
  const names = new Set(trainable);
  const statistics = Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.has(name)));
  const before = await readVariables(setting, statistics);
  await swa.exchange();
  try {
    return await work();
  } finally {
    await swa.exchange();
    writeVariables(setting, statistics, before);
  }
}

async function readModel(setting: TrainingSetting): Promise<ThumbnailRankingModel> {
  return setting.model.withWeights(await readVariables(setting, setting.variables.parameters));
}

async function measureMetrics(data: TrainingData, watched: Watched): Promise<ValidationMetrics> {
  const { valAuc, valCorr } = await validate(watched, data);
  return { valAuc, valCorr };
}

/**
 * Adds one more epoch to the average: average + (weights - average) / (count + 1), as
 * torch.optim.swa_utils.AveragedModel (Izmailov et al., "Averaging weights leads to wider optima"). Computed in
 * float32, operation by operation, like torch and like a training in its engine (`RunningAverage`), with byte-identical
 * results.
 * @param weights the trainable ones; BatchNorm's running statistics cannot be averaged and are recomputed
 */
export function average({ count, weights: before }: WeightAverage, weights: Weights): WeightAverage {
  const averaged = mapWeights(weights, (values, name) => {
    const mean = before[name]?.values ?? values;
    return values.map((value, index) => {
      const old = mean[index]!;
      return old + Math.fround(Math.fround(value - old) / (count + 1));
    });
  });
  return { count: count + 1, weights: averaged };
}

/**
 * Recomputes BatchNorm's running statistics of the present weights over the training pairs, as
 * torch.optim.swa_utils.update_bn: the plain mean of all batches' statistics, in training mode, so with dropout, but
 * without mixup, which is not part of the data.
 * @param order of the pairs; shuffled, since batches of a single channel would vary too little
 */
export async function updateBatchNorm(setting: StepSetting, set: PairSet, order: Int32Array): Promise<void> {
  const { seed, batchSize } = setting.options;
  await setting.variables.towerVectors?.refresh(Int32Array.from(new Set(stackedRows(set, order))));
  const compiled = new Map<number, Compiled>();
  let start = 0;
  for (const [index, size] of batchSizes(order.length, batchSize).entries()) {
    const pass = compiled.get(size) ?? compilePass(setting, size);
    compiled.set(size, pass);
    const rows = stackedRows(set, order.subarray(start, start + size));
    await pass(rows, Int32Array.of(hashSeed(seed, "update-bn", index) | 0), Float32Array.of(1 / (index + 1)));
    start += size;
  }
  for (const pass of compiled.values()) pass.dispose();
}

/** With momentum 1/k for the k-th batch, the running statistics become the mean over batches; the first replaces them. */
function compilePass({ engine, model, variables, options }: StepSetting, size: number): Compiled {
  const pass = (...inputs: tf.Tensor[]) => {
    const [rows, seed, momentum] = inputs as [tf.Tensor1D, tf.Scalar, tf.Scalar];
    const parameters = model.parametersIn(variables.parameters);
    const shared = sharedFeatures(parameters, gatherRows(variables, rows));
    return [ctrHead(parameters, shared, { training: true, seed, dropoutScale: options.dropoutScale, momentum })];
  };
  return engine.jit(pass, { shape: [2 * size], dtype: "int32" }, { shape: [], dtype: "int32" }, { shape: [] });
}
