import type { ThumbnailRankingModel } from "../model";
import { permutation, random } from "../random";
import type { TrainingData } from "./data";
import type { TrainingResult, ValidationMetrics } from "./records";
import type { StepSetting } from "./step";
import { updateBatchNorm, type WeightAverage } from "./swa";
import { validate, type Watched } from "./validate";
import { readVariables, writeVariables } from "./variables";

/**
 * Ends a training: where epochs were averaged, the average with its BatchNorm statistics recomputed is the trained
 * model (guide, "Stochastic Weight Averaging"), else the last weights are. The variables keep the last weights, so
 * that training may go on.
 */
export async function finishTraining(
  setting: StepSetting,
  data: TrainingData,
  watched: Watched,
  swa: WeightAverage,
): Promise<{ result: TrainingResult; trained: ThumbnailRankingModel }> {
  const { engine, model, variables } = setting;
  const plain = await metricsOf(data, watched);
  const last = await readVariables(engine, variables.parameters);
  if (swa.count === 0) return { result: { plain, swa: null }, trained: model.withWeights(last) };
  writeVariables(engine, variables.parameters, { ...last, ...swa.weights });
  try {
    const { train } = data.pairs;
    const order = permutation(train.winners.length, random(setting.options.seed, "update-bn"));
    await updateBatchNorm(setting, train, order);
    const averaged = await metricsOf(data, watched);
    const trained = model.withWeights(await readVariables(engine, variables.parameters));
    return { result: { plain, swa: averaged }, trained };
  } finally {
    writeVariables(engine, variables.parameters, last);
  }
}

async function metricsOf(data: TrainingData, watched: Watched): Promise<ValidationMetrics> {
  const { valAuc, valCorr } = await validate(watched, data);
  return { valAuc, valCorr };
}
