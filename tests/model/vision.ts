import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { at } from "../../lib/base";
import type { Engine } from "../../lib/engine";
import {
  embedPixels,
  type Parameters,
  type PatchGrid,
  type VisionFolder,
  visionSpecs,
  type WeightArray,
} from "../../lib/model";

/** Tiny towers, their adapters, and what PyTorch computes with them. */
export const CLIP_GOLDEN = join(__dirname, "..", "golden", "clip");

/** Of make.py. */
export const BATCH = 2;
export const RATE = 0.02;
export const GRIDS = [
  { input: "crop", grid: { rows: 16, columns: 16 } },
  { input: "wide", grid: { rows: 12, columns: 21 } },
  { input: "full", grid: { rows: 18, columns: 32 } },
] as const;

/** All weights of a tower as variables. */
export async function variablesOf(engine: Engine, tower: VisionFolder): Promise<Record<string, tf.Variable>> {
  const entries = visionSpecs(tower.config).map(async ({ name }) => [name, await tower.read(name)] as const);
  return variablesFrom(engine, Object.fromEntries(await Promise.all(entries)));
}

export function variablesFrom(engine: Engine, weights: Record<string, WeightArray>): Record<string, tf.Variable> {
  const entries = Object.entries(weights).map(([name, { values, shape }]) => [name, engine.variable(values, shape)]);
  return Object.fromEntries(entries);
}

/**
 * The loss of make.py with the whole tower, and its gradients.
 * @param parametersOf what the tower computes with, called within the gradient
 */
export function lossAndGradients(
  trained: readonly tf.Tensor[],
  tower: VisionFolder,
  grid: PatchGrid,
  pixels: tf.Tensor4D,
  parametersOf: () => Parameters,
): { value: tf.Tensor; grads: tf.Tensor[] } {
  return squaredErrorAndGradients(trained, tower, () => embedPixels(parametersOf(), tower.config, grid, pixels));
}

/** The same for embeddings that are computed in another way. */
export function squaredErrorAndGradients(
  trained: readonly tf.Tensor[],
  { config }: VisionFolder,
  embed: () => tf.Tensor2D,
): { value: tf.Tensor; grads: tf.Tensor[] } {
  const targets = Float32Array.from({ length: BATCH * config.projection }, (_, i) => Math.cos(i));
  return tf.valueAndGrads(
    () => tf.mean(tf.square(tf.sub(embed(), tf.tensor2d(targets, [BATCH, config.projection])))) as tf.Scalar,
  )([...trained]);
}

/** A step of SGD as in make.py. */
export function descend(trained: readonly tf.Variable[], gradients: readonly tf.Tensor[]): void {
  for (const [index, variable] of trained.entries())
    variable.assign(tf.sub(variable, tf.mul(at(gradients, index), RATE)));
}

export const shapeOf = ({ config: { patchSize } }: VisionFolder, { rows, columns }: PatchGrid) => ({
  shape: [BATCH, 3, rows * patchSize, columns * patchSize],
});

/** The pixels of make.py. */
export function pixelsOf(tower: VisionFolder, grid: PatchGrid): Float32Array {
  const length = shapeOf(tower, grid).shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, (_, i) => 2 * Math.sin(i * 0.7));
}

/** Within a share of the largest value. */
export function expectClose(
  found: ArrayLike<number> | undefined,
  expected: readonly number[],
  share: number,
  what = "",
): void {
  const most = Math.max(...expected.map(Math.abs)) * share;
  expect(found, what).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs((found?.[i] ?? Number.NaN) - value), `${what} ${i}`).toBeLessThan(most);
}
