import { join } from "node:path";
import { finish, type Progress } from "../base";
import type { Paths } from "../config";
import { modelOf } from "../embedding";
import { type EngineOptions, openEngine } from "../engine";
import type { EncoderChoice, TrainingData } from "../features";
import { loadFeatures } from "../features";
import type { Predictions } from "../model";
import { openPredictor } from "../training";
import { RunDataChanged } from "./errors";
import { readRunRecord } from "./run-record";
import { assertRunBegun, readTrained, runFolder, type TrainedRun } from "./trained";

/** A finished run, the data it was trained on, and the location of its files. */
export interface FinishedRun extends TrainedRun {
  name: string;
  data: TrainingData;
  paths: Paths;
  /** Folder of the run's report and TensorBoard events. */
  folder: string;
}

/**
 * Reads a finished run and the data it was trained on.
 * @param choice of encoders; those that are not named are the run's own
 * @param show called with progress if pictures must be measured again
 * @throws RunNameInvalid, RunUnknown, RunNotTrained, RunDataChanged, and what `loadFeatures` throws
 */
export async function finishedRun(
  paths: Paths,
  name: string,
  choice: EncoderChoice = {},
  show?: (progress: Progress) => void,
): Promise<FinishedRun> {
  await assertRunBegun(paths, name);
  const trained = await readTrained(runFolder(paths, name));
  const record = await readRunRecord(join(paths.runs, name));
  const isOwnImage = choice.image === undefined || modelOf("image", choice.image) === record?.data.image;
  const isOwn = isOwnImage && choice.geometry === undefined;
  const encoders = {
    ...choice,
    image: choice.image ?? record?.data.image,
    imageIdentity: isOwn ? record?.data.imageIdentity : undefined,
    text: choice.text ?? record?.data.text,
  };
  const { data } = await finish(loadFeatures(paths, trained.training, encoders), show);
  if (data.dataHash !== trained.dataHash) throw new RunDataChanged(name, trained.dataHash, data.dataHash);
  return { ...trained, name, data, paths, folder: join(paths.runs, name) };
}

/** A finished run's predictions for every video of its data, by row. */
export async function predictRun(
  { model, data }: Pick<FinishedRun, "model" | "data">,
  options: EngineOptions = {},
): Promise<Predictions> {
  const engine = await openEngine(options);
  const predictor = openPredictor(engine, model);
  try {
    return await predictor.predict(data.features);
  } finally {
    predictor.dispose();
    engine.dispose();
  }
}
