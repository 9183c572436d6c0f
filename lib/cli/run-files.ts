import { join } from "node:path";
import type { Command } from "commander";
import { type Paths, pathsOf, type TrainingOptions } from "../config";
import type { PictureSignals } from "../embedding";
import { finish } from "../progress";
import type { RatedVideo, Store } from "../store";
import type { EncoderChoice, TrainedRun, TrainingData } from "../training";
import { type CommonFlags, say, withStore } from "./context";
import { progressBar } from "./progress";

/** The guide's name of the model. */
export const RUN = "thumbnail_ranking_model";

/** Flags of commands about one training run. */
export interface RunFlags extends CommonFlags, EncoderChoice {
  run: string;
}

/** Adds `--run`, `--image` and `--text`. */
export function runOptions(command: Command): Command {
  return command
    .option("--run <name>", "name of the run: folder below checkpoints/, runs/ and models/", RUN)
    .option("--image <encoder>", "whose image embeddings to use, where there are several")
    .option("--text <encoder>", "whose title embeddings to use, where there are several");
}

/** The training data of a home, with a word on videos that had to be left out. */
export async function dataOf(
  flags: RunFlags,
  options: Pick<TrainingOptions, "auxiliary" | "pairWeights">,
): Promise<TrainingData> {
  const { loadTrainingData } = await import("../training");
  const { data, withoutVectors } = await withStore(flags, async (store, paths) => {
    const signals = options.auxiliary === "signals" ? await signalsOf(store, paths) : undefined;
    return loadTrainingData(store, paths, options, flags, signals);
  });
  if (withoutVectors.length > 0) say(`${withoutVectors.length} rated videos have no embedding and are left out`);
  return data;
}

async function signalsOf(store: Store, paths: Paths): Promise<ReadonlyMap<string, PictureSignals>> {
  const { measureSignals } = await import("../embedding");
  const videos: RatedVideo[] = [];
  for await (const video of store.ratedVideos()) videos.push(video);
  return finish(measureSignals(paths, videos), progressBar());
}

/** A finished run, its data, and where its files lie. */
export interface FinishedRun extends TrainedRun {
  data: TrainingData;
  paths: Paths;
  /** Folder of the run's report and TensorBoard events. */
  folder: string;
}

/**
 * Reads a finished run and the data it was trained on.
 * @throws RunNameInvalid, RunNotTrained, RunDataChanged
 */
export async function finishedRun(flags: RunFlags): Promise<FinishedRun> {
  const { readTrained, RunDataChanged, runFolder } = await import("../training");
  const paths = pathsOf(flags.dataDir);
  const trained = await readTrained(runFolder(paths, flags.run));
  const data = await dataOf(flags, trained.training);
  if (data.dataHash !== trained.dataHash) throw new RunDataChanged(flags.run, trained.dataHash, data.dataHash);
  return { ...trained, data, paths, folder: join(paths.runs, flags.run) };
}
