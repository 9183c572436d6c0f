import { duration, finish } from "../base";
import {
  ConfigInvalid,
  configure,
  FINE_TUNING,
  type GivenTraining,
  PHASES,
  resolvePaths,
  TrainingOptions,
} from "../config";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import type { ThumbnailRankingModel } from "../model";
import type { FineTuning, RunOptions, RunResult, TrainingPipeline } from "../runs";
import { say, withStore } from "./context";
import { progressBar } from "./progress";
import { loadData } from "./run-files";
import { showTraining } from "./show-training";
import type { TrainFlags } from "./train-flags";

/** Settings of a run that fine-tunes: those of its heads, but for its own epochs. */
export function fineTuningOptions(heads: TrainingOptions, given: GivenTraining): TrainingOptions {
  return configure(TrainingOptions, { ...heads, ...FINE_TUNING, ...given, folds: null });
}

/** The phase 1 flags that a fine-tuning's heads are trained with. @throws ConfigInvalid without a tower */
export async function headsFlags(flags: TrainFlags): Promise<TrainFlags> {
  const { nameModel } = await import("../embedding");
  const { tower, run } = flags;
  if (tower === undefined)
    throw new ConfigInvalid([`--phase ${flags.phase}: needs --tower, the folder of CLIP's vision tower`]);
  const image = nameModel("image", tower);
  return { ...flags, image, run: flags.heads ?? `${run}-heads`, phase: "1", fineTuneBlocks: undefined };
}

/** Whether a run was trained to its end already. */
export async function isTrained({ dataDir, run }: TrainFlags): Promise<boolean> {
  const { readTrainedCard, runFolder } = await import("../runs");
  return (await readTrainedCard(runFolder(resolvePaths(dataDir), run))) !== null;
}

/**
 * Fine-tunes a tower's last blocks with heads that are trained already, and shows the progress.
 * @param heads flags of their run
 * @param runOptions of this run
 * @returns null if a signal stopped it
 */
export async function fineTune(
  flags: TrainFlags,
  heads: TrainFlags,
  options: TrainingOptions,
  runOptions: Omit<RunOptions, "pipeline" | "numEpochs">,
): Promise<RunResult | null> {
  const { defaultThreads, openEngine } = await import("../engine");
  const { engineOptions, announce } = await import("./engine-flags");
  const { openFineTuning, readTrained, runFolder } = await import("../runs");
  const paths = resolvePaths(flags.dataDir);
  const { model } = await readTrained(runFolder(paths, heads.run));
  const data = await loadData(heads, options);
  const phase = PHASES[flags.phase];
  warn(phase, data);
  // A tower's blocks run one after another, so the cores share the products of each.
  const { interOpThreads: cores } = defaultThreads();
  const engine = await openEngine({ intraOpThreads: cores, interOpThreads: 2, ...engineOptions(flags) });
  announce(engine);
  try {
    const fineTuneBlocks = flags.fineTuneBlocks ?? phase.fineTuneBlocks;
    const { microBatch, tower: folder = "" } = flags;
    const lora = { rank: flags.loraRank, alpha: flags.loraAlpha };
    const { seed } = options;
    const job = { engine, data, heads: model, paths, folder, fineTuneBlocks, lora, seed, microBatch };
    const tuning = await finish(openFineTuning(job), progressBar());
    try {
      return await trainTuning(tuning, { data, engine, options }, flags, runOptions);
    } finally {
      await tuning.close();
    }
  } finally {
    engine.dispose();
  }
}

/** What a fine-tuning computes on. */
interface Ground {
  data: TrainingData;
  engine: Engine;
  options: TrainingOptions;
}

async function trainTuning(
  tuning: FineTuning,
  { data, engine, options }: Ground,
  flags: TrainFlags,
  runOptions: Omit<RunOptions, "pipeline" | "numEpochs">,
): Promise<RunResult | null> {
  const { measureStep, runFolder, TrainingPipeline, trainRun, tunedFolder } = await import("../runs");
  const { model, tower } = tuning;
  const pipeline = new TrainingPipeline({ model, tower, engine, data, ...options });
  try {
    describe(tuning, pipeline, await measureStep(pipeline));
    const folder = tunedFolder(runFolder(resolvePaths(flags.dataDir), flags.run));
    const tuned = (trained: ThumbnailRankingModel) =>
      withStore(flags, (store) => finish(tuning.finish(folder, trained, store), progressBar()));
    const events = trainRun({ ...runOptions, pipeline, numEpochs: options.epochs, tuned, environment: process.env });
    const result = await showTraining(events, pipeline, flags);
    if (result !== null) compare(PHASES[flags.phase], flags.phase, result);
    return result;
  } finally {
    pipeline.dispose();
  }
}

/** Says what is trained, and how long it will take. */
function describe({ blocks, trainedNumbers }: FineTuning, pipeline: TrainingPipeline, stepMs: number): void {
  const { fineTuneBlocks } = pipeline.modelOptions;
  const { epochs } = pipeline.options;
  if (fineTuneBlocks === 12 && blocks.all > 12)
    say(
      `12 blocks are all of other CLIPs; this one has ${blocks.all}, of which the last 12 are trained; --fine-tune-blocks all trains all of it`,
    );
  const { loraRank } = pipeline.modelOptions;
  const what =
    loraRank > 0
      ? `LoRA adapters of rank ${loraRank} on the last ${blocks.trained} of ${blocks.all} blocks`
      : fineTuneBlocks === "all"
        ? `all ${blocks.all} blocks, the embeddings, the pre-norm`
        : `the last ${blocks.trained} of ${blocks.all} blocks`;
  const steps = epochs * pipeline.stepsPerEpoch;
  say(
    `fine-tuning ${what}${loraRank > 0 ? "" : ", the post-norm and the projection"}: ${trainedNumbers.toLocaleString("en-US")} numbers`,
    `a step takes ${stepMs < 1000 ? `${Math.round(stepMs)} ms` : duration(stepMs)}: ${steps.toLocaleString("en-US")} steps in ${epochs} epochs will take about ${duration(stepMs * steps)}, validation not counted`,
  );
}

/** Says which of the guide's minimums the data do not reach. */
function warn({ pairs, wantsTrueCtr }: (typeof PHASES)[keyof typeof PHASES], data: TrainingData): void {
  const found = data.pairs.train.winners.length;
  if (found < pairs)
    say(
      `${found.toLocaleString("en-US")} training pairs, where the guide wants ${pairs.toLocaleString("en-US")} for this phase: expect less of it, and compare with the heads alone`,
    );
  if (wantsTrueCtr && data.trueCtrTargets === 0)
    say("no true CTR is known here, which the guide wants for this phase (`thumbrank ctr`)");
}

/** Says whether the guide's targets of a phase are reached on validation. */
function compare({ targets }: (typeof PHASES)[keyof typeof PHASES], phase: string, { plain, swa }: RunResult): void {
  const { valAuc, valCorr } = swa ?? plain;
  const isReached = (valAuc ?? 0) >= targets.auc && (valCorr ?? 0) > targets.correlation;
  say(
    `phase ${phase} aims at AUC >= ${targets.auc} and correlation > ${targets.correlation}: ${isReached ? "reached" : "not reached"} on validation; \`thumbrank evaluate\` measures unseen channels`,
  );
}
