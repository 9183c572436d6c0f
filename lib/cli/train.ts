import {
  ConfigInvalid,
  type GivenTraining,
  recipeFlags,
  resolvePaths,
  type TrainingOptions,
  withRecipe,
} from "../config";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import type { RunResult, TrainingPipeline } from "../runs";
import { defineCommand } from "./command";
import { answer, CommonSettings, say } from "./context";
import { announce, EngineSettings } from "./engine-flags";
import { fineTune, fineTuningOptions, headsFlags, isTrained } from "./fine-tune";
import { trainingSettings } from "./recipe";
import { assertRun, loadData } from "./run-files";
import { givenSettings } from "./settings";
import { resultText, showFolds, showTraining, toSummary } from "./show-training";
import { STOPPED, stopSignal } from "./signals";
import { withThreads } from "./threads";
import { FineTuneSettings, RunFolderSettings, type TrainFlags, TrainingSettings, WidthSettings } from "./train-flags";
import { isSweep, SweepSettings, sweepRuns, trainSweep } from "./train-sweep";

/** The value of `--resume` that stands for the latest checkpoint. */
const LATEST = "latest";

export const trainCommand = defineCommand({
  name: "train",
  group: "Training",
  summary: "train the ranker on the stored pairs and embeddings",
  settings: {
    training: TrainingSettings,
    model: WidthSettings,
    fineTuning: FineTuneSettings,
    run: RunFolderSettings,
    several: SweepSettings,
    engine: EngineSettings,
    common: CommonSettings,
  },
  examples: [
    "--recipe guide",
    "--epochs 20 --swa-start 10",
    "--resume latest",
    "--run second --lr 1e-4 --no-use-swa",
    "--run fine --phase 2 --tower ./clip-vit-large-patch14 --geometry wide",
    "--run s --seeds 0,1,2 --sweep lr=1e-5,5e-5 --sweep pair-weights=equal,sqrt",
  ],
  notes: [
    "The defaults are the guide's. With fewer than 50,000 training pairs they are those of the small recipe:",
    `${recipeFlags("small").join(", ")}.`,
    "--seeds and --sweep train a grid of runs, each with a name of its own such as s-lr1e-5-seed0, and end with a table",
    "of mean and standard deviation over seeds. The same command continues a grid that was stopped, and trains no run twice.",
    "Settings are chosen by validation AUC, never by the test: if you pick the best of several runs by the channels that",
    "were kept unseen, they are no longer unseen, and the figure is too good. Evaluate the chosen run only.",
    "Exit codes: 0 trained, 130 stopped by a signal (`--resume latest` continues), 1 anything else.",
  ].join("\n"),
  async run({ training, model, fineTuning, run, several, engine, common }, _, given) {
    if (isSweep(several) && run.resume !== undefined)
      throw new ConfigInvalid(["--resume: a grid of runs continues without it"]);
    if (run.resume === LATEST) await assertRun({ ...run, ...common });
    const { recipe, ...explicit } = givenSettings(TrainingSettings, training, given);
    const options = await trainingSettings({ ...run, ...common }, recipe, explicit);
    const flags = { ...model, ...fineTuning, ...run, ...engine, ...common };
    if (isSweep(several)) {
      const resolve = (settings: GivenTraining) =>
        withRecipe(settings.recipe ?? options.recipe, { ...explicit, ...settings });
      const runs = await sweepRuns(several, run.run, resolve);
      const isDone = await trainSweep(flags, runs, (each, { isBegun, signal }) =>
        trainPhase(
          { ...flags, run: each.name, ...(isBegun && { resume: LATEST }) },
          each.options,
          { ...explicit, ...each.options },
          signal,
        ),
      );
      if (!isDone) process.exitCode = STOPPED;
      return;
    }
    const result = await trainPhase(flags, options, explicit);
    if (result === null) process.exitCode = STOPPED;
    else answer(common, toSummary(result), resultText(result));
  },
});

/**
 * Trains a run of any phase; for phases 2 and 3 first the heads, unless they are trained already.
 * @param given the settings that were given, which a fine-tuning keeps
 */
async function trainPhase(
  flags: TrainFlags,
  options: TrainingOptions,
  given: GivenTraining,
  signal?: AbortSignal,
): Promise<RunResult | null> {
  if (flags.phase === "1") return train(flags, options, signal);
  const heads = await headsFlags(flags);
  if (!(await isTrained(heads))) {
    say(`phase 1 first: training the heads as the run ${heads.run}`);
    const { epochs: _, swaStart: __, ...others } = given;
    const begun = { ...heads, resume: LATEST };
    if ((await train(begun, withRecipe(options.recipe, others), signal)) === null) return null;
  }
  return fineTune(flags, heads, fineTuningOptions(options, given), runOptions(flags, signal));
}

/**
 * Trains a run of phase 1 and shows its progress.
 * @param signal stops it, instead of SIGINT and SIGTERM
 * @returns null if a signal stopped it, after a checkpoint
 */
export async function train(
  flags: TrainFlags,
  options: TrainingOptions,
  signal?: AbortSignal,
): Promise<RunResult | null> {
  const { openEngine } = await import("../engine");
  const data = await loadData(flags, options);
  const { hiddenDim } = flags;
  const engine = await openEngine(await withThreads(flags, { data, options, hiddenDim }));
  announce(engine);
  try {
    return await trainOn({ data, engine, signal }, flags, options);
  } finally {
    engine.dispose();
  }
}

/** What a training computes on, and with what. */
interface Ground {
  data: TrainingData;
  engine: Engine;
  /** Stops it; SIGINT and SIGTERM if undefined. */
  signal: AbortSignal | undefined;
}

async function trainOn(ground: Ground, flags: TrainFlags, options: TrainingOptions): Promise<RunResult | null> {
  const openTrainer = await trainerOn(ground.engine, flags);
  const { crossValidate, trainRun } = await import("../runs");
  const run = runOptions(flags, ground.signal);
  const chosen =
    options.folds === null
      ? { epochs: options.epochs }
      : await showFolds(
          crossValidate({ ...run, data: ground.data, training: options, folds: options.folds, openTrainer }),
          options,
          flags,
        );
  if (chosen === null) return null;
  const { epochs, folds, steps } = chosen;
  const pipeline = openTrainer(ground.data, { ...options, epochs });
  try {
    const stored = folds === undefined ? {} : { folds };
    const events = trainRun({ ...run, ...stored, pipeline, numEpochs: epochs, environment: process.env });
    return await showTraining(events, pipeline, flags, steps);
  } finally {
    pipeline.dispose();
  }
}

/** A function that opens a training on some data, with a new model. */
async function trainerOn(engine: Engine, { hiddenDim }: TrainFlags) {
  const { TrainingPipeline } = await import("../runs");
  const { ThumbnailRankingModel } = await import("../model");
  return (data: TrainingData, options: TrainingOptions): TrainingPipeline => {
    const dims = { clipDim: data.imageDim, textDim: data.textDim, hiddenDim };
    const model = new ThumbnailRankingModel(dims, { seed: options.seed });
    return new TrainingPipeline({ model, engine, data, ...options });
  };
}

function runOptions(
  { run, dataDir, resume, overwrite, checkpointMinutes, checkpointSteps }: TrainFlags,
  signal: AbortSignal = stopSignal("stopping after this step, with a checkpoint"),
) {
  return {
    name: run,
    paths: resolvePaths(dataDir),
    signal,
    overwrite,
    checkpointMinutes,
    ...(resume === undefined ? {} : { resume }),
    ...(checkpointSteps === undefined ? {} : { checkpointSteps }),
  };
}
