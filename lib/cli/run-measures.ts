import type { EvaluationReport } from "../evaluation";
import type { Calibration, Predictions } from "../training";
import type { FinishedRun } from "./run-files";
import { sampleFolder } from "./sample";

/** What a finished run's model says of its data, calibrated and measured. */
export interface Measured {
  predictions: Predictions;
  calibration: Calibration;
}

/** Predicts every video and fits the calibration on the validation pairs. */
export async function predict({ model, data }: FinishedRun): Promise<Measured> {
  const { fitCalibration, openPredictor } = await import("../training");
  const { openEngine } = await import("../engine");
  const engine = await openEngine();
  const predictor = openPredictor(engine, model);
  try {
    const predictions = await predictor.predict(data.features);
    const { winners, losers } = data.pairs.validation;
    const scoresOf = (rows: Int32Array) => Float32Array.from(rows, (row) => predictions.scores[row] as number);
    return { predictions, calibration: fitCalibration(scoresOf(winners), scoresOf(losers)) };
  } finally {
    predictor.dispose();
    engine.dispose();
  }
}

/** Predictions, calibration, and the evaluation with its baselines. */
export async function measure(run: FinishedRun): Promise<Measured & { report: EvaluationReport }> {
  const { evaluate } = await import("../evaluation");
  const measured = await predict(run);
  const { scores, ctr } = measured.predictions;
  const appeal = await appealOf(run);
  const report = evaluate({
    ...{ data: run.data, scores, ctr, seed: run.training.seed },
    ...(appeal === undefined ? {} : { trueAppeal: appeal }),
  });
  return { ...measured, report };
}

/** True appeal by video, where the home holds the sample world and nothing else. */
async function appealOf({ paths, data }: FinishedRun): Promise<ReadonlyMap<string, number> | undefined> {
  const { readTruth, sampleFiles } = await import("../dataset");
  const truth = await readTruth(sampleFiles(sampleFolder(paths)).truth);
  return data.videos.every(({ videoId }) => truth?.has(videoId)) ? truth : undefined;
}
