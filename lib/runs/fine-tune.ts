import { basename, join } from "node:path";
import type { Progress } from "../base";
import { at } from "../base";
import type { Paths } from "../config";
import {
  decodeForTower,
  embedPictures,
  HiddenStates,
  loadEmbeddings,
  openVisionEncoder,
  type PictureKey,
  type PrefixIdentity,
  planPrefix,
  sameIdentity,
  towerIdentity,
  VisionTower,
  writePrefix,
} from "../embedding";
import type { Engine } from "../engine";
import { type TrainingData, withImageVectors } from "../features";
import {
  openVisionFolder,
  saveVisionFolder,
  ThumbnailRankingModel,
  tokenCount,
  trainedNames,
  type Weights,
} from "../model";
import { picturePath, type Store } from "../store";
import { lastBlocks, type TrainedTower, type Trainer, wholeTower } from "../training";
import { FineTuningImpossible } from "./errors";

/** Pictures whose hidden states are computed and written at once. */
const BATCH = 16;

/** A fine-tuning of a vision tower together with heads that were trained on its vectors. */
export interface FineTuningJob {
  engine: Engine;
  /** With the vectors that the tower itself made. */
  data: TrainingData;
  /** Trained on the same vectors: the heads come first, then the blocks (Kumar et al., arXiv 2202.10054). */
  heads: ThumbnailRankingModel;
  paths: Pick<Paths, "embeddings" | "thumbnails">;
  /** The tower, as `transformers` saves it. */
  folder: string;
  fineTuneBlocks: number | "all";
  /** Pictures at a time within a step, to save memory. */
  microBatch?: number | undefined;
}

/** A model whose tower can be trained. */
export interface FineTuning {
  model: ThumbnailRankingModel;
  tower: TrainedTower;
  /** Blocks of the tower, and how many of them are trained. */
  blocks: { all: number; trained: number };
  /** Numbers in the tower's trained weights. */
  trainedNumbers: number;
  /**
   * Saves the tuned tower as an encoder of its own, embeds the store's pictures with it, and returns the data with its
   * vectors.
   * @param folder named like the encoder, such as `checkpoints/fine/fine-clip`
   */
  finish(
    folder: string,
    trained: ThumbnailRankingModel,
    store: Pick<Store, "videos" | "ratedVideos" | "missingEmbeddings" | "saveEmbeddings" | "embeddings">,
  ): AsyncGenerator<Progress, TrainingData>;
  /** Closes the files of hidden states. */
  close(): Promise<void>;
}

/**
 * Opens a fine-tuning: computes the hidden states before the first trained block that are not in the home yet, and
 * joins the tower's last blocks to the heads. To train all of a tower, pictures are decoded anew for each step.
 * @throws FineTuningImpossible; VisionFolderUnusable; HiddenStatesTooLarge before anything is computed
 */
export async function* openFineTuning(job: FineTuningJob): AsyncGenerator<Progress, FineTuning> {
  const { engine, data, heads, folder, fineTuneBlocks } = job;
  const { image: identity } = data.identities;
  const { preprocessing } = identity;
  const frozen = await VisionTower.open(engine, folder, { model: identity.model, preprocessing });
  const { config, input } = frozen;
  try {
    requireSame(job, frozen);
    const trained = fineTuneBlocks === "all" ? config.blocks : fineTuneBlocks;
    if (trained > config.blocks)
      throw new FineTuningImpossible(`${folder} has ${config.blocks} blocks, not ${trained}`);
    const { weights, read: readFrozen } = await readTrained(folder, trainedNames(config, fineTuneBlocks));
    const from = config.blocks - trained;
    const fed = fineTuneBlocks === "all" ? await pixelsOf(job, frozen) : yield* hiddenStatesOf(job, frozen, from);
    const { read, close } = fed;
    const shape = { config, grid: input.grid, read, microBatch: job.microBatch };
    const { clipDim, textDim, hiddenDim } = heads.options;
    const options = { clipDim, textDim, hiddenDim, freezeClip: false, fineTuneBlocks };
    return {
      model: new ThumbnailRankingModel(options, { weights: heads.weights, tower: weights }),
      tower: fineTuneBlocks === "all" ? wholeTower(shape) : lastBlocks({ ...shape, from }),
      blocks: { all: config.blocks, trained },
      trainedNumbers: Object.values(weights).reduce((sum, { values }) => sum + values.length, 0),
      async *finish(folder, trained, store) {
        const stored = { ...frozen.stored, ...sizeOf(frozen) };
        await saveVisionFolder(
          folder,
          { config, input: stored },
          async (name) => trained.tower[name] ?? readFrozen(name),
        );
        return yield* embedAgain(job, folder, store);
      },
      close,
    };
  } finally {
    frozen.dispose();
  }
}

/** What the encoder of a tuned tower is to say of its input. */
function sizeOf({ input, stored }: VisionTower): Pick<VisionTower["stored"], "width" | "height" | "fit"> {
  const { width, height, geometry } = input;
  return geometry === "crop" ? stored : { width, height, fit: "stretch" };
}

function requireSame({ data, heads, folder }: FineTuningJob, tower: VisionTower): void {
  const { image } = data.identities;
  const { geometry } = tower.input;
  if (!sameIdentity(image, towerIdentity(tower, image.model)))
    throw new FineTuningImpossible(`the home's vectors by ${image.model} were not made by the tower in ${folder}`);
  if (geometry === "crops" || geometry === "letterbox")
    throw new FineTuningImpossible(`a tower cannot be trained on pictures taken in as ${geometry}`);
  if (heads.options.clipDim !== data.imageDim || heads.options.textDim !== data.textDim)
    throw new FineTuningImpossible("the heads were trained on vectors of another width");
}

/** Copies of the weights to train, and a reader of all of them as they were. */
async function readTrained(folder: string, names: readonly string[]) {
  const read = async (name: string) => {
    const opened = await openVisionFolder(folder);
    try {
      return await opened.read(name);
    } finally {
      await opened.close();
    }
  };
  const weights: Weights = {};
  for (const name of names) weights[name] = await read(name);
  return { weights, read };
}

/** What a step reads for some rows of the data. */
interface Fed {
  read(rows: Int32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

async function* hiddenStatesOf(job: FineTuningJob, tower: VisionTower, blocks: number): AsyncGenerator<Progress, Fed> {
  const { data, engine, paths } = job;
  const { model, revision, preprocessing } = data.identities.image;
  const { grid } = tower.input;
  const identity: PrefixIdentity = {
    model,
    revision,
    preprocessing,
    blocks,
    tokens: tokenCount(grid),
    width: tower.config.width,
    precision: engine.settings?.precision ?? "float32",
  };
  const pictures = data.videos.map(({ videoId, picture }): PictureKey => [videoId, picture?.sha256 ?? ""]);
  const { missing, sizeBytes } = await planPrefix(paths.embeddings, identity, pictures);
  const compute = async (indices: readonly number[]) => {
    const decoded = await Promise.all(indices.map((index) => decode(job, tower, index)));
    return tower.hidden(decoded, blocks);
  };
  const note = `${(sizeBytes / 1e6).toFixed(0)} MB`;
  const work = writePrefix({ embeddings: paths.embeddings, identity, pictures, compute, batch: BATCH });
  for await (const { done } of work) yield { stage: "compute hidden states", done, total: missing.length, note };
  const states = await HiddenStates.open(paths.embeddings, identity, pictures);
  return { read: (rows) => states.rows(rows), close: () => states.close() };
}

async function pixelsOf(job: FineTuningJob, tower: VisionTower): Promise<Fed> {
  const read = async (rows: Int32Array) => {
    const decoded = await Promise.all(Array.from(rows, (row) => decode(job, tower, row)));
    return tower.values(decoded);
  };
  return { read, close: async () => {} };
}

function decode({ data, paths }: FineTuningJob, tower: VisionTower, row: number) {
  const { videoId, picture } = at(data.videos, row);
  if (picture === null) throw new FineTuningImpossible(`the video ${videoId} has no picture`);
  return decodeForTower(tower, picturePath(paths.thumbnails, picture));
}

/** Embeds the store's pictures with a tuned tower; what an earlier run embedded with the same one is skipped. */
async function* embedAgain(
  { data, paths }: FineTuningJob,
  folder: string,
  store: Parameters<FineTuning["finish"]>[2],
): AsyncGenerator<Progress, TrainingData> {
  const encoder = await openVisionEncoder(folder, { model: basename(folder) });
  try {
    yield* embedPictures({ store, paths, image: encoder });
    const ids = data.videos.map(({ videoId }) => videoId);
    return withImageVectors(data, encoder.identity, await loadEmbeddings(paths, encoder.identity, ids));
  } finally {
    await encoder.close();
  }
}

/** Where the tuned tower of a run lies; the folder's name is that of its encoder. @param runFolder such as `checkpoints/fine` */
export function tunedFolder(runFolder: string): string {
  return join(runFolder, `${basename(runFolder)}-clip`);
}

/** Steps that are measured, after one that also warms up. */
const MEASURED_STEPS = 2;

/**
 * Measures a step of a training, which is afterwards where it was, to the bit.
 * @returns milliseconds
 */
export async function measureStep(pipeline: Trainer): Promise<number> {
  const before = await pipeline.state();
  const times: number[] = [];
  let began = performance.now();
  for await (const event of pipeline.events({ numEpochs: before.progress.epoch + 1 })) {
    if (event.kind === "step") times.push(performance.now() - began);
    if (event.kind !== "step" || times.length > MEASURED_STEPS) break;
    began = performance.now();
  }
  pipeline.restore(before);
  return Math.min(...times);
}
