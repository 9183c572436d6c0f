import { isDeepStrictEqual } from "node:util";
import type { TrainingOptions } from "../config";
import { BLOCKS, VISION } from "../model";

const BETA1 = 0.9;
const BETA2 = 0.999;

/** Weights that share a learning rate and a weight decay. */
export interface Group {
  kind: "heads" | "tower" | "adapters";
  /** How far from the top of the vision tower: 0 for its projection and post-norm, and for all that is not of it. */
  depth: number;
  /** Whether weight decay applies: as in BEiT and open_clip not to biases, gains, the class token and positions. */
  isDecayed: boolean;
}

/** The groups of a training, and which each of its trained weights belongs to. */
export interface Groups {
  list: Group[];
  /** By the order of the trained weights: index in `list`. */
  ofWeights: number[];
}

/**
 * Divides trained weights into groups: the heads are one, LoRA adapters another, and of a vision tower each layer is two, with weight decay and
 * without. Layers are counted from the top as in BEiT (arXiv 2106.08254) and FT-CLIP (arXiv 2212.06138): the last block
 * is 1, the embeddings lie below the first block.
 */
export function divideIntoGroups(weights: readonly { name: string; shape: readonly number[] }[]): Groups {
  const blocks = weights.flatMap(({ name }) => blockOf(name) ?? []);
  const last = Math.max(-1, ...blocks);
  const list: Group[] = [];
  const ofWeights = weights.map(({ name, shape }) => {
    const group = groupOf(name, shape, last);
    const known = list.findIndex((one) => isDeepStrictEqual(one, group));
    return known < 0 ? list.push(group) - 1 : known;
  });
  return { list, ofWeights };
}

function groupOf(name: string, shape: readonly number[], last: number): Group {
  if (/\.lora_[AB]\./.test(name)) return { kind: "adapters", depth: 0, isDecayed: false };
  if (!isOfTower(name)) return { kind: "heads", depth: 0, isDecayed: true };
  const isDecayed =
    shape.length > 1 && !/embedding\.weight$|class_embedding$/.test(name.replace("patch_embedding", ""));
  const block = blockOf(name);
  if (block !== undefined) return { kind: "tower", depth: last + 1 - block, isDecayed };
  return { kind: "tower", depth: /post_layernorm|visual_projection/.test(name) ? 0 : last + 2, isDecayed };
}

const isOfTower = (name: string): boolean => name.startsWith(VISION) || name.startsWith("visual_projection");

function blockOf(name: string): number | undefined {
  return name.startsWith(BLOCKS) ? Number.parseInt(name.slice(BLOCKS.length), 10) : undefined;
}

/**
 * AdamW's inputs at step t, counted from 1 (see `applyAdamW`). A tower's rate rises over the first steps, then stays, as
 * PickScore's does (arXiv 2305.01569), and falls by a factor with each layer from the top.
 * @returns [groups, 4], row-major
 */
export function hyperparameters(options: TrainingOptions, groups: readonly Group[], t: number): Float32Array {
  const { learningRate, clipLearningRate, clipWarmupSteps, clipLayerDecay, loraLearningRate, weightDecay } = options;
  const warmup = Math.min(1, t / Math.max(1, clipWarmupSteps));
  const rates = { heads: learningRate, tower: clipLearningRate * warmup, adapters: loraLearningRate };
  const rows = groups.flatMap(({ kind, depth, isDecayed }) => {
    return [rates[kind] * clipLayerDecay ** depth, isDecayed ? weightDecay : 0, BETA1 ** t, BETA2 ** t];
  });
  return Float32Array.from(rows);
}
