import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { StoredOptions } from "../config";
import { identityHash } from "../embedding";
import type { TrainingData } from "../features";
import { currentProcess, readPlain, writeAtomically } from "../files";
import { EngineFacts, type Trainer, type TrainingResult, toEngineFacts } from "../training";

const FILE = "run.json";

const Count = z.number().int().nonnegative();
const Moment = z.iso.datetime().transform((text) => new Date(text));
const Metrics = z.object({ valAuc: z.number().nullable(), valCorr: z.number().nullable() });

/** The schema of `runs/NAME/run.json`; a later version may add fields. */
const RunRecord = z.object({
  startedAt: Moment,
  /** When the run was last trained to its end; null while it is not. */
  finishedAt: Moment.nullable(),
  /** The process that trains it; null when none does. */
  process: z.object({ host: z.string(), pid: Count, started: z.string() }).nullable(),
  /** Epochs it is to have at its end. */
  epochs: Count,
  config: StoredOptions,
  versions: z.object({ thumbrank: z.string(), node: z.string(), tfjs: z.string() }),
  engine: EngineFacts,
  data: z.object({
    /** `TrainingData.dataHash`. */
    hash: z.string(),
    image: z.string(),
    /** `identityHash` of the image encoder; missing in older runs. */
    imageIdentity: z.string().optional(),
    text: z.string(),
    videos: Count,
    trainingPairs: Count,
  }),
  result: z.object({ plain: Metrics, swa: Metrics.nullable() }).nullable(),
});

/** What a run notes about itself when it starts, and when it ends. */
export type RunRecord = z.output<typeof RunRecord>;

/**
 * Notes that this process trains a run; keeps the first start of a run that continues.
 * @param folder such as `runs/first`
 * @param epochs epochs that the run is to have at its end
 */
export async function recordStart(
  folder: string,
  { options, modelOptions, engine, data }: Pick<Trainer, "options" | "modelOptions" | "engine" | "data">,
  { epochs, isResumed }: { epochs: number; isResumed: boolean },
): Promise<RunRecord> {
  const before = isResumed ? await readRunRecord(folder) : null;
  const record: RunRecord = {
    startedAt: before?.startedAt ?? new Date(),
    finishedAt: null,
    process: await currentProcess(),
    epochs,
    config: { model: modelOptions, training: options },
    versions: { thumbrank: thumbrankVersion(), node: process.versions.node, tfjs: tf.version_core },
    engine: toEngineFacts(engine),
    data: describeData(data),
    result: null,
  };
  await writeRecord(folder, record);
  return record;
}

function describeData({ dataHash, identities, videos, pairs }: TrainingData): RunRecord["data"] {
  return {
    hash: dataHash,
    image: identities.image.model,
    imageIdentity: identityHash(identities.image),
    text: identities.text.model,
    videos: videos.length,
    trainingPairs: pairs.train.winners.length,
  };
}

function thumbrankVersion(): string {
  const text = readFileSync(join(__dirname, "..", "..", "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/**
 * Notes that no process trains a run any longer.
 * @param result of a run that was trained to its end, and the data that it is evaluated on
 */
export async function recordEnd(
  folder: string,
  record: RunRecord,
  result: (TrainingResult & { data: TrainingData }) | null,
): Promise<void> {
  const metrics = result && { plain: result.plain, swa: result.swa };
  const data = result === null ? record.data : describeData(result.data);
  await writeRecord(folder, { ...record, data, process: null, finishedAt: result && new Date(), result: metrics });
}

/** Reads a run's record; null for runs of earlier versions, which have none, and for a damaged one. */
export async function readRunRecord(folder: string): Promise<RunRecord | null> {
  try {
    return RunRecord.parse(JSON.parse(String(await readPlain(join(folder, FILE)))));
  } catch {
    return null;
  }
}

async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  await writeAtomically(join(folder, FILE), `${JSON.stringify(record, null, 2)}\n`);
}
