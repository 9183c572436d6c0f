import * as tf from "@tensorflow/tfjs";
import { countElements } from "../../engine";
import type { WeightArray, WeightSpec, Weights } from "../architecture";
import { type Parameters, parameter } from "../layers";
import type { VisionConfig } from "./config";
import { blockNames, visionSpecs } from "./specs";

/** Linear layers of a block that adapters can be put on. */
export const LORA_TARGETS = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"] as const;
export type LoraTarget = (typeof LORA_TARGETS)[number];

/** How strongly adapters change the layers they are on: by (alpha / rank) B A. */
export interface LoraScale {
  rank: number;
  alpha: number;
}

/** Low-rank adapters of a vision tower (Hu et al., arXiv 2106.09685). */
export interface LoraOptions extends LoraScale {
  targets: readonly LoraTarget[];
  /** How many of the last blocks have adapters. */
  blocks: number | "all";
}

/** On the queries and values of all blocks, as `peft` does it and the paper recommends. */
export const LORA_DEFAULTS: LoraOptions = { rank: 8, alpha: 16, targets: ["q_proj", "v_proj"], blocks: "all" };

/** Trained adapters. */
export interface LoraAdapters extends LoraScale {
  /** A [rank, in] and B [out, rank] of each adapted layer, by the names of `loraSpecs`. */
  weights: Weights;
}

const A = ".lora_A.weight";
const B = ".lora_B.weight";
const WEIGHT = ".weight";

/**
 * Names of the linear layers that adapters are on, such as `vision_model.encoder.layers.0.self_attn.q_proj`.
 * @throws RangeError for more blocks than there are
 */
export function loraLayers(config: VisionConfig, { targets, blocks }: Omit<LoraOptions, keyof LoraScale>): string[] {
  const count = blocks === "all" ? config.blocks : blocks;
  if (!Number.isInteger(count) || count < 1 || count > config.blocks)
    throw new RangeError(`blocks with adapters are 1 to ${config.blocks}, not ${count}`);
  const last = Array.from({ length: count }, (_, index) => config.blocks - count + index);
  return last.flatMap(adaptableLayers).filter((layer) => targets.some((target) => layer.endsWith(`.${target}`)));
}

/** Names of all linear layers of a block. */
export function adaptableLayers(block: number): string[] {
  const { attention, feedForward } = blockNames(block);
  return [...Object.values(attention), ...Object.values(feedForward)];
}

/**
 * The weights of adapters, named as `peft` names them without its prefix. Initial values are those of `peft`: A is
 * uniform within +-1/sqrt(in) (Kaiming with a = sqrt(5)), B is zero, so that the tower is unchanged at first.
 * @throws RangeError for more blocks than there are
 */
export function loraSpecs(config: VisionConfig, options: LoraOptions): WeightSpec[] {
  return loraLayers(config, options).flatMap((layer) => layerSpecs(config, layer, options.rank));
}

/** A and B of one linear layer. */
export function layerSpecs(config: VisionConfig, layer: string, rank: number): WeightSpec[] {
  const [outputs, inputs] = linearShape(config, layer);
  return [
    { name: layer + A, shape: [rank, inputs], start: { bound: 1 / Math.sqrt(inputs) }, trainable: true },
    { name: layer + B, shape: [outputs, rank], start: { constant: 0 }, trainable: true },
  ];
}

function linearShape({ width, inner }: VisionConfig, layer: string): [outputs: number, inputs: number] {
  if (layer.endsWith(".fc1")) return [inner, width];
  return layer.endsWith(".fc2") ? [width, inner] : [width, width];
}

/** Names of the layers that have adapters, from the names of weights. */
export function adaptedLayers(names: readonly string[]): string[] {
  return names.flatMap((name) => (name.endsWith(A) ? [name.slice(0, -A.length)] : []));
}

/**
 * The parameters of a tower with its adapters added, W + (alpha / rank) B A under the name of W: gradients flow to A
 * and B. A part that is recomputed in the backward pass must call this inside.
 * @param parameters the tower's, and A and B by the names of `loraSpecs`
 */
export function withLora(parameters: Parameters, { rank, alpha }: LoraScale): Parameters {
  const layers = adaptedLayers(Object.keys(parameters));
  const merged = layers.map((layer) => {
    const [a, b] = [parameter(parameters, layer + A), parameter(parameters, layer + B)];
    const change = tf.mul(tf.matMul(b, a), alpha / rank);
    return [layer + WEIGHT, tf.add(parameter(parameters, layer + WEIGHT), change)] as const;
  });
  return { ...parameters, ...Object.fromEntries(merged) };
}

/**
 * Adds adapters to the weights of a tower, as `merge_and_unload` of `peft`.
 * @param read values of a weight by its name in `visionSpecs`
 * @returns the same with the adapters added
 * @throws RangeError for an adapted layer that the tower does not have
 */
export function mergeLora(
  config: VisionConfig,
  read: (name: string) => Promise<WeightArray>,
  { rank, alpha, weights }: LoraAdapters,
): (name: string) => Promise<WeightArray> {
  const known = new Set(visionSpecs(config).map(({ name }) => name));
  const layers = new Set(adaptedLayers(Object.keys(weights)));
  for (const layer of layers)
    if (!known.has(layer + WEIGHT)) throw new RangeError(`the tower has no layer ${layer} for an adapter`);
  return async (name) => {
    const own = await read(name);
    const layer = name.endsWith(WEIGHT) ? name.slice(0, -WEIGHT.length) : "";
    if (!layers.has(layer)) return own;
    const [a, b] = [weights[layer + A], weights[layer + B]];
    if (a === undefined || b === undefined) throw new RangeError(`${layer} has no A or no B`);
    return { shape: own.shape, values: addProduct(own, a, b, alpha / rank) };
  };
}

/** own + scale B A, summed in float64. */
function addProduct(own: WeightArray, a: WeightArray, b: WeightArray, scale: number): Float32Array {
  const [rank = 0, inputs = 0] = a.shape;
  const [outputs = 0] = b.shape;
  if (countElements(own.shape) !== outputs * inputs) throw new RangeError("an adapter does not have its layer's shape");
  const values = new Float32Array(own.values.length);
  const change = new Float64Array(inputs);
  for (let row = 0; row < outputs; row++) {
    change.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = b.values[row * rank + k] as number;
      for (let column = 0; column < inputs; column++)
        change[column] = (change[column] as number) + factor * (a.values[k * inputs + column] as number);
    }
    for (let column = 0; column < inputs; column++) {
      const at = row * inputs + column;
      values[at] = (own.values[at] as number) + scale * (change[column] as number);
    }
  }
  return values;
}
