import { Command } from "commander";
import { ModelOptions, pathsOf, TrainingOptions } from "../config";
import type { Engine } from "../engine";
import type { RunEvent, RunResult, TrainingData, TrainingPipeline } from "../training";
import { answer, common } from "./context";
import { announce, type EngineFlags, engineFlags } from "./engine-flags";
import { dataOf, type RunFlags, runOptions } from "./run-files";
import { addSettings, settingsFrom } from "./settings";
import { resultText, showTraining, summaryOf } from "./show-training";
import { stopSignal } from "./signals";
import { withThreads } from "./threads";

const NAMES = { learningRate: "lr" };
/** Widths follow the embeddings; fine-tuning needs pixels. */
const Width = ModelOptions.pick({ hiddenDim: true });

export interface TrainFlags extends RunFlags, EngineFlags {
  resume?: string;
  overwrite?: boolean;
  checkpointMinutes: string;
  checkpointSteps?: string;
}

export function trainCommand(): Command {
  const command = new Command("train").description("train the ranker on the stored pairs and embeddings");
  addSettings(command, TrainingOptions, NAMES);
  addSettings(command, Width);
  runOptions(command)
    .option("--resume <checkpoint>", "`latest`, or a checkpoint's folder")
    .option("--overwrite", "remove what an earlier run of this name left, and start anew")
    .option("--checkpoint-minutes <minutes>", "a rolling checkpoint so often", "5")
    .option("--checkpoint-steps <steps>", "a rolling checkpoint every so many steps besides");
  return common(engineFlags(command)).action(async (flags: TrainFlags) => {
    const result = await train(flags, settingsFrom({ ...flags }, TrainingOptions, NAMES));
    if (result === null) process.exitCode = STOPPED;
    else answer(flags, summaryOf(result), resultText(result));
  });
}

/** Exit code after SIGINT or SIGTERM: not finished, `--resume latest` goes on. */
const STOPPED = 130;

/**
 * Trains a run and shows it.
 * @returns null where a signal stopped it, after a checkpoint
 */
export async function train(flags: TrainFlags, options: TrainingOptions): Promise<RunResult | null> {
  const { openEngine } = await import("../engine");
  const data = await dataOf(flags, options);
  const { hiddenDim } = settingsFrom({ ...flags }, Width);
  const engine = await openEngine(await withThreads(flags, { data, options, hiddenDim }));
  announce(engine);
  const pipeline = await pipelineOf(flags, options, { data, engine });
  try {
    return await showTraining(await runOf(flags, pipeline), pipeline, flags);
  } finally {
    pipeline.dispose();
    engine.dispose();
  }
}

async function pipelineOf(
  flags: TrainFlags,
  options: TrainingOptions,
  { data, engine }: { data: TrainingData; engine: Engine },
): Promise<TrainingPipeline> {
  const { TrainingPipeline } = await import("../training");
  const { ThumbnailRankingModel } = await import("../model");
  const dims = { clipDim: data.imageDim, textDim: data.textDim, ...settingsFrom({ ...flags }, Width) };
  const model = new ThumbnailRankingModel(dims, { seed: options.seed });
  return new TrainingPipeline({ model, engine, data, ...options });
}

async function runOf(
  flags: TrainFlags,
  pipeline: TrainingPipeline,
): Promise<AsyncGenerator<RunEvent, RunResult | null>> {
  const { trainRun, WandbLogger, wantsWandb, withWandb } = await import("../training");
  const { resume, overwrite = false, checkpointMinutes, checkpointSteps } = flags;
  const run = trainRun({
    ...{
      name: flags.run,
      paths: pathsOf(flags.dataDir),
      pipeline,
      signal: stopSignal("stopping after this step, with a checkpoint"),
    },
    ...{ numEpochs: pipeline.options.epochs, overwrite },
    checkpointMinutes: Number(checkpointMinutes),
    ...(resume === undefined ? {} : { resume }),
    ...(checkpointSteps === undefined ? {} : { checkpointSteps: Number(checkpointSteps) }),
  });
  if (!(await wantsWandb(process.env))) return run;
  return withWandb(run, () => WandbLogger.open(flags.run, pipeline.options));
}
