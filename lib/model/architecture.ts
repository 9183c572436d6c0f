import type { ModelOptions } from "../config";

/** The six sub-scores, in the order of their columns everywhere. */
export const AUXILIARY_HEADS = ["clarity", "prominence", "contrast", "emotion", "hierarchy", "title_match"] as const;
export type AuxiliaryHead = (typeof AUXILIARY_HEADS)[number];

/** One weight, without values. */
export interface NamedShape {
  name: string;
  shape: number[];
  /** False for BatchNorm's running statistics, which follow the data instead of a gradient. */
  trainable: boolean;
}

/** One weight of the architecture. */
export interface WeightSpec extends NamedShape {
  /** Initial values: uniform within +-bound (linear layers), or all `constant` (BatchNorm). */
  start: { bound: number } | { constant: number };
}

/** Values of one weight, row-major. */
export interface WeightArray {
  shape: number[];
  values: Float32Array;
}

/** Weights by name, named and laid out as in PyTorch's `state_dict`, such as `projection.weight` [out, in]. */
export type Weights = Record<string, WeightArray>;

/**
 * Every weight of the model (guide, "Model Architecture Details"), widths scaled by `hiddenDim`, named and laid out as
 * in the `state_dict` of the same `torch.nn.Sequential`s: ReLU, dropout and sigmoid have their own indices.
 */
export function architecture({ clipDim, textDim, hiddenDim: h }: ModelOptions): WeightSpec[] {
  return [
    ...linear("projection", clipDim + textDim, h),
    ...linear("pairwise.0", h, h / 2),
    ...linear("pairwise.3", h / 2, h / 4),
    ...linear("pairwise.6", h / 4, 1),
    ...linear("ctr.0", h, h),
    ...batchNorm("ctr.2", h),
    ...linear("ctr.4", h, h / 2),
    ...batchNorm("ctr.6", h / 2),
    ...linear("ctr.8", h / 2, 1),
    ...AUXILIARY_HEADS.flatMap((head) => [
      ...linear(`auxiliary.${head}.0`, h, h / 2),
      ...linear(`auxiliary.${head}.3`, h / 2, 1),
    ]),
  ];
}

/** Default initialisation of `torch.nn.Linear`: weights and biases uniform within +-1/sqrt(inputs). */
function linear(name: string, inputs: number, outputs: number): WeightSpec[] {
  const start = { bound: 1 / Math.sqrt(inputs) };
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], start, trainable: true },
    { name: `${name}.bias`, shape: [outputs], start, trainable: true },
  ];
}

function batchNorm(name: string, width: number): WeightSpec[] {
  const part = (suffix: string, constant: number, trainable: boolean) => ({
    name: `${name}.${suffix}`,
    shape: [width],
    start: { constant },
    trainable,
  });
  return [
    part("weight", 1, true),
    part("bias", 0, true),
    part("running_mean", 0, false),
    part("running_var", 1, false),
  ];
}

/** Maps the values of weights to new ones; names and shapes stay the same. */
export function mapWeights(weights: Weights, change: (values: Float32Array, name: string) => Float32Array): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, { shape, values: change(values, name) }]),
  );
}

/** A model's predictions for some rows, in their order. */
export interface Predictions {
  /** [rows]; only differences within a channel are meaningful. */
  scores: Float32Array;
  /** [rows], 0-1. */
  ctr: Float32Array;
  /** [rows, 6], 0-1, row-major, in the order of `AUXILIARY_HEADS`. */
  auxiliary: Float32Array;
}
