import { basename, join } from "node:path";
import { z } from "zod";
import { messageOf, ThumbrankError } from "../base";
import { type Paths, StoredOptions, type TrainingOptions } from "../config";
import { foldersIn, isPlainName, namesIn, readFolder, readPlain, writeFolder } from "../files";
import { readSafetensors, ThumbnailRankingModel, writeSafetensors } from "../model";
import { EngineFacts, type EpochRecord } from "../training";
import type { ChannelOffsets } from "./channel-offsets";
import { formatOffsets, OFFSETS_FILE, OffsetsCard, parseOffsets } from "./channel-offsets-file";
import { Epoch } from "./checkpoint/progress";
import { RunNameInvalid, RunUnknown } from "./errors";
import { FoldResult } from "./folds";

/** Folder of the result within a run's folder. */
export const TRAINED = "trained";

const CARD = "trained.json";

const Card = z.strictObject({
  config: StoredOptions,
  engine: EngineFacts.optional(),
  dataHash: z.string(),
  history: z.array(Epoch),
  folds: z.array(FoldResult).optional(),
  channelOffsets: OffsetsCard.optional(),
});

/** What a finished run saves: its final weights, and what they were trained on. */
export interface TrainedRun {
  model: ThumbnailRankingModel;
  training: TrainingOptions;
  /** The engine that computed it; missing in older runs. */
  engine?: EngineFacts | undefined;
  /** `TrainingData.dataHash`. */
  dataHash: string;
  history: readonly EpochRecord[];
  /** How the folds did that the number of epochs was chosen by; missing if it was given. */
  folds?: FoldResult[] | undefined;
  /** What the past of each training channel says beside the model; missing in older runs, and if it says nothing. */
  channelOffsets?: ChannelOffsets | undefined;
}

/** A run that was not trained to its end, or whose result is damaged. */
export class RunNotTrained extends ThumbrankError {
  constructor(
    readonly runFolder: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super("RUN_NOT_TRAINED", {
      what: `the run ${runFolder} has no trained model: ${reason}`,
      next: `finish it with \`thumbrank train --resume latest --run ${basename(runFolder)}\` and its other options, or name another with --run`,
      cause,
    });
  }
}

/**
 * Writes the result of a run atomically.
 * @param runFolder such as `checkpoints/first`
 * @returns the result's folder
 */
export async function writeTrained(runFolder: string, { model, ...facts }: TrainedRun): Promise<string> {
  const path = join(runFolder, TRAINED);
  const { training, channelOffsets, ...others } = facts;
  const offsets = channelOffsets && formatOffsets(channelOffsets);
  const config = { model: model.options, training };
  const card = { config, ...others, ...(offsets && { channelOffsets: offsets.card }) };
  await writeFolder(path, {
    "weights.safetensors": writeSafetensors(model.weights),
    ...(offsets && { [OFFSETS_FILE]: offsets.bytes }),
    [CARD]: Buffer.from(`${JSON.stringify(card, null, 2)}\n`),
  });
  return path;
}

/**
 * Reads the result of a run.
 * @throws RunNotTrained
 */
export async function readTrained(runFolder: string): Promise<TrainedRun> {
  if (!(await namesIn(runFolder)).includes(TRAINED))
    throw new RunNotTrained(runFolder, "it was not trained to its end");
  try {
    const files = await readFolder(join(runFolder, TRAINED));
    const {
      config,
      channelOffsets: card,
      ...facts
    } = Card.parse(JSON.parse(Buffer.from(files[CARD] ?? []).toString()));
    const { weights } = readSafetensors(files["weights.safetensors"] ?? new Uint8Array(), "weights.safetensors");
    const model = new ThumbnailRankingModel(config.model, { weights });
    const offsets = card && parseOffsets(card, files[OFFSETS_FILE] ?? new Uint8Array(), model.inputDim);
    return { model, training: config.training, ...facts, ...(offsets && { channelOffsets: offsets }) };
  } catch (error) {
    throw new RunNotTrained(runFolder, messageOf(error), error);
  }
}

/** Reads what a finished run was trained on, without its weights; null if it has no result, or a damaged one. */
export async function readTrainedCard(runFolder: string): Promise<z.output<typeof Card> | null> {
  try {
    return Card.parse(JSON.parse(String(await readPlain(join(runFolder, TRAINED, CARD)))));
  } catch {
    return null;
  }
}

/**
 * The folder of a run's checkpoints and result. A run's name must be a plain folder name, so that no run reads, writes
 * or overwrites anything outside.
 * @throws RunNameInvalid
 */
export function runFolder({ checkpoints }: Pick<Paths, "checkpoints">, name: string): string {
  if (!isPlainName(name)) throw new RunNameInvalid(name);
  return join(checkpoints, name);
}

/** Checks that a run was started, whether or not it finished. @throws RunUnknown, RunNameInvalid */
export async function assertRunBegun(paths: Pick<Paths, "checkpoints">, name: string): Promise<void> {
  runFolder(paths, name);
  const runs = await foldersIn(paths.checkpoints);
  if (!runs.includes(name)) throw new RunUnknown(name, runs);
}
