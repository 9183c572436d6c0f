import type { EvaluationReport } from "../evaluation";
import type { Predictions } from "../training";
import type { FinishedRun } from "./run-files";
import { sampleFolder } from "./sample";

/** What a finished run's model says of every video of its data. */
export async function predict({ model, data }: FinishedRun): Promise<Predictions> {
  const { openPredictor } = await import("../training");
  const { openEngine } = await import("../engine");
  const engine = await openEngine();
  const predictor = openPredictor(engine, model);
  try {
    return await predictor.predict(data.features);
  } finally {
    predictor.dispose();
    engine.dispose();
  }
}

/** The evaluation of a finished run, with its baselines. */
export async function measure(run: FinishedRun): Promise<EvaluationReport> {
  const { evaluate } = await import("../evaluation");
  const { scores, ctr } = await predict(run);
  const appeal = await appealOf(run);
  return evaluate({
    ...{ data: run.data, scores, ctr, seed: run.training.seed },
    ...(appeal === undefined ? {} : { trueAppeal: appeal }),
  });
}

/** True appeal by video, where the home holds the sample world and nothing else. */
async function appealOf({ paths, data }: FinishedRun): Promise<ReadonlyMap<string, number> | undefined> {
  const { readTruth, sampleFiles } = await import("../dataset");
  const truth = await readTruth(sampleFiles(sampleFolder(paths)).truth);
  return data.videos.every(({ videoId }) => truth?.has(videoId)) ? truth : undefined;
}
