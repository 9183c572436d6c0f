import { random } from "../base";
import { asFloat32, type TrainingData } from "../features";
import { fitLogistic, type LogisticFit } from "./logistic";

/** The input of a baseline. */
export interface BaselineInput {
  data: TrainingData;
  /** Embeddings of pictures and titles side by side, [videos, imageDim + textDim]. */
  features: Float32Array;
  seed: number;
}

/** How a fitted baseline was made. */
export type BaselineFit = Pick<LogisticFit, "strength" | "validationAuc" | "converged">;

/** A baseline that the model is compared with, on the same pairs. */
interface Baseline {
  /** Used in reports, `--json` and exported models. */
  name: string;
  /** Name for readers. */
  label: string;
  /** What it does, for the report; completes its label. */
  about: string;
  /** Score of every video, [videos]; null if there are no training pairs to fit it on. */
  score(input: BaselineInput): { scores: Float64Array; fit?: BaselineFit } | null;
}

/** All baselines, as used by reports, figures and JSON. To add one, add a row here. */
export const BASELINES = [
  {
    name: "random",
    label: "random",
    about: "draws scores, and the model is compared with its expectation, 0.5",
    score: ({ data, seed }) => {
      const source = random(seed, "random baseline");
      return { scores: Float64Array.from(data.videos, () => source.uniform()) };
    },
  },
  {
    name: "newer",
    label: "newer wins",
    about: "takes the later published",
    score: ({ data }) => ({ scores: Float64Array.from(data.videos, (video) => video.publishedAt.getTime()) }),
  },
  {
    name: "titleOnly",
    label: "title only",
    about: "is fitted on the title’s embedding",
    score: (input) => fitOn(input, input.data.imageDim, input.data.textDim),
  },
  {
    name: "imageOnly",
    label: "picture only",
    about: "is fitted on the picture’s embedding",
    score: (input) => fitOn(input, 0, input.data.imageDim),
  },
  {
    name: "logistic",
    label: "logistic regression",
    about: "is fitted on both",
    score: (input) => fitOn(input, 0, input.data.imageDim + input.data.textDim),
  },
] as const satisfies readonly Baseline[];

export type BaselineName = (typeof BASELINES)[number]["name"];

/** Score of every video, [videos]; null if there were no training pairs to fit the baseline on. */
export type BaselineScores = Record<BaselineName, Float64Array | null>;

/** Makes a value for each baseline, by its name. */
export function forEachBaseline<Value>(make: (name: BaselineName) => Value): Record<BaselineName, Value> {
  return Object.fromEntries(BASELINES.map(({ name }) => [name, make(name)])) as Record<BaselineName, Value>;
}

/** Scores of all baselines, and how the fitted ones were made. */
export function baselineScores(
  data: TrainingData,
  seed: number,
): { scores: BaselineScores; fits: Partial<Record<BaselineName, BaselineFit>> } {
  const input: BaselineInput = { data, features: asFloat32(data.features), seed };
  const made = new Map(BASELINES.map((row: Baseline) => [row.name, row.score(input)]));
  const fits = [...made].flatMap(([name, scored]) => (scored?.fit === undefined ? [] : [[name, scored.fit]]));
  return { scores: forEachBaseline((name) => made.get(name)?.scores ?? null), fits: Object.fromEntries(fits) };
}

/**
 * Fits a logistic regression on differences of some columns of the training pairs, with the regularisation strength
 * that ranks the validation pairs best.
 */
function fitOn({ data, features }: BaselineInput, from: number, width: number): ReturnType<Baseline["score"]> {
  const columns = { features, stride: data.imageDim + data.textDim, from, width };
  const fitted = fitLogistic(columns, data.pairs.train, data.pairs.validation);
  if (fitted === null) return null;
  const { scores, strength, validationAuc, converged } = fitted;
  return { scores, fit: { strength, validationAuc, converged } };
}
