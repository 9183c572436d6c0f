import { permutation, random } from "../base";
import type { TrainingData } from "../features";
import type { ThumbnailRankingModel } from "../model";
import type { TrainingSetting } from "./position";
import type { TrainingResult, ValidationMetrics } from "./records";
import { updateBatchNorm } from "./swa";
import { validate, type Watched } from "./validate";
import { readVariables, writeVariables } from "./variables";

/**
 * Ends a training: where epochs were averaged, the average with its BatchNorm statistics recomputed is the trained
 * model (guide, "Stochastic Weight Averaging"), else the last weights are. The variables keep the last weights, so
 * that training may go on.
 * @param swaCount epochs in the average
 */
export async function finishTraining(
  setting: TrainingSetting,
  data: TrainingData,
  watched: Watched,
  swaCount: number,
): Promise<{ result: TrainingResult; trained: ThumbnailRankingModel }> {
  const plain = await metricsOf(data, watched);
  if (swaCount === 0) return { result: { plain, swa: null }, trained: await modelOf(setting) };
  return withAverage(setting, async () => {
    const { train } = data.pairs;
    await updateBatchNorm(setting, train, permutation(train.winners.length, random(setting.options.seed, "update-bn")));
    return { result: { plain, swa: await metricsOf(data, watched) }, trained: await modelOf(setting) };
  });
}

/** Does something while the variables hold the average; then they hold what they held, BatchNorm statistics included. */
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

async function modelOf(setting: TrainingSetting): Promise<ThumbnailRankingModel> {
  return setting.model.withWeights(await readVariables(setting, setting.variables.parameters));
}

async function metricsOf(data: TrainingData, watched: Watched): Promise<ValidationMetrics> {
  const { valAuc, valCorr } = await validate(watched, data);
  return { valAuc, valCorr };
}
