import { basename, join } from "node:path";
import type { Progress } from "../base";
import {
  embedPictures,
  loadEmbeddings,
  openVisionEncoder,
  sameIdentity,
  towerIdentity,
  VisionTower,
} from "../embedding";
import { type TrainingData, withImageVectors } from "../features";
import {
  initialWeights,
  LORA_DEFAULTS,
  type LoraScale,
  loraSpecs,
  mergeLora,
  saveAdapters,
  saveVisionFolder,
  ThumbnailRankingModel,
  trainedNames,
} from "../model";
import type { Store } from "../store";
import { lastBlocks, type TrainedTower, wholeTower } from "../training";
import { FineTuningImpossible } from "./errors";
import { hiddenStatesOf, pixelsOf, type TowerPictures } from "./tower-input";
import { frozenVariables, readWeights, weightReader } from "./tower-weights";

/** A fine-tuning of a vision tower together with heads that were trained on its vectors. */
export interface FineTuningJob extends TowerPictures {
  /** Trained on the same vectors: the heads come first, then the blocks (Kumar et al., arXiv 2202.10054). */
  heads: ThumbnailRankingModel;
  /** The tower, as `transformers` saves it. */
  folder: string;
  fineTuneBlocks: number | "all";
  /** LoRA adapters to train in place of the blocks' own weights; a rank of 0 is none. */
  lora?: LoraScale | undefined;
  /** Of the adapters' initial values. */
  seed?: number;
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
    const lora = job.lora?.rank ? { ...LORA_DEFAULTS, ...job.lora, blocks: fineTuneBlocks } : undefined;
    const readOriginal = weightReader(folder);
    const weights =
      lora === undefined
        ? await readWeights(readOriginal, trainedNames(config, fineTuneBlocks))
        : initialWeights(loraSpecs(config, lora), job.seed ?? 0);
    const from = config.blocks - trained;
    const isWhole = fineTuneBlocks === "all" && lora === undefined;
    const fed = isWhole ? await pixelsOf(job, frozen) : yield* hiddenStatesOf(job, frozen, from);
    const untrained = lora && (await frozenVariables(engine, readOriginal, trainedNames(config, trained)));
    const shape = { config, grid: input.grid, read: fed.read, microBatch: job.microBatch, lora };
    const { clipDim, textDim, hiddenDim } = heads.options;
    const adapted = lora && { loraRank: lora.rank, loraAlpha: lora.alpha };
    const options = { clipDim, textDim, hiddenDim, freezeClip: false, fineTuneBlocks, ...adapted };
    return {
      model: new ThumbnailRankingModel(options, { weights: heads.weights, tower: weights }),
      tower: isWhole ? wholeTower(shape) : lastBlocks({ ...shape, from, ...(untrained && { frozen: untrained }) }),
      blocks: { all: config.blocks, trained },
      trainedNumbers: Object.values(weights).reduce((sum, { values }) => sum + values.length, 0),
      async *finish(folder, trained, store) {
        const stored = { ...frozen.stored, ...sizeOf(frozen) };
        const adapters = lora && { ...lora, weights: trained.tower };
        const tuned = async (name: string) => trained.tower[name] ?? readOriginal(name);
        const read = adapters === undefined ? tuned : mergeLora(config, readOriginal, adapters);
        await saveVisionFolder(folder, { config, input: stored }, read);
        if (adapters !== undefined) {
          const { model: name, revision } = identity;
          await saveAdapters(adaptersFolder(folder), config, adapters, { name, revision });
        }
        return yield* embedAgain(job, folder, store);
      },
      async close() {
        await fed.close();
        for (const variable of Object.values(untrained ?? {})) variable.dispose();
      },
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

/** Where a run's adapters lie, as peft saves them. @param folder of its tuned tower */
function adaptersFolder(folder: string): string {
  return folder.replace(/-clip$/, "-adapters");
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
