import type { Command } from "commander";
import { pathsOf } from "../config";
import { finish } from "../progress";
import type { DataOptions, EncoderChoice, FinishedRun, TrainingData } from "../training";
import { type CommonFlags, say } from "./context";
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
export async function dataOf(flags: RunFlags, options: DataOptions): Promise<TrainingData> {
  const { gatherTrainingData } = await import("../training");
  const { data, withoutVectors } = await finish(
    gatherTrainingData(pathsOf(flags.dataDir), options, flags),
    progressBar(),
  );
  if (withoutVectors.length > 0) say(`${withoutVectors.length} rated videos have no embedding and are left out`);
  return data;
}

/** The finished run of the flags, with the data it was trained on. */
export async function finishedRun(flags: RunFlags): Promise<FinishedRun> {
  const { finishedRun } = await import("../training");
  return finishedRun(pathsOf(flags.dataDir), flags.run, flags, progressBar());
}
