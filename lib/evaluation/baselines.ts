import { random } from "../base";
import { asFloat32, type TrainingData } from "../features";
import { type Columns, fitLogistic, type LogisticFit } from "./logistic";

/** What the model is measured against, on the same pairs. */
export const BASELINES = ["random", "newer", "titleOnly", "imageOnly", "logistic"] as const;
export type BaselineName = (typeof BASELINES)[number];

/** Score of every video, [n]; null where the baseline could not be fitted for want of training pairs. */
export type BaselineScores = Record<BaselineName, Float64Array | null>;

/** How a fitted baseline was made. */
export type BaselineFit = Pick<LogisticFit, "strength" | "validationAuc" | "converged">;

/**
 * Scores of all baselines. `random`: drawn from the seed; `newer`: the later published wins; `titleOnly`, `imageOnly`
 * and `logistic`: logistic regression on differences of the title's, the picture's, or both embeddings, fitted on the
 * training pairs with the strength of regularisation that ranks the validation pairs best.
 */
export function baselineScores(
  data: TrainingData,
  seed: number,
): { scores: BaselineScores; fits: Partial<Record<BaselineName, BaselineFit>> } {
  const source = random(seed, "random baseline");
  const features = asFloat32(data.features);
  const fitted = {
    titleOnly: fitOn(data, features, data.imageDim, data.textDim),
    imageOnly: fitOn(data, features, 0, data.imageDim),
    logistic: fitOn(data, features, 0, data.imageDim + data.textDim),
  };
  const scores = {
    random: Float64Array.from(data.videos, () => source.uniform()),
    newer: Float64Array.from(data.videos, (video) => video.publishedAt.getTime()),
    titleOnly: fitted.titleOnly?.scores ?? null,
    imageOnly: fitted.imageOnly?.scores ?? null,
    logistic: fitted.logistic?.scores ?? null,
  };
  return {
    scores,
    fits: Object.fromEntries(
      Object.entries(fitted).flatMap(([name, made]) => (made ? [[name, describeBaseline(made)]] : [])),
    ),
  };
}

function fitOn(data: TrainingData, features: Float32Array, from: number, width: number): LogisticFit | null {
  const columns: Columns = { features, stride: data.imageDim + data.textDim, from, width };
  return fitLogistic(columns, data.pairs.train, data.pairs.validation);
}

function describeBaseline({ strength, validationAuc, converged }: LogisticFit): BaselineFit {
  return { strength, validationAuc, converged };
}
