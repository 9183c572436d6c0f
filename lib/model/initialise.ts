import { random } from "../base";
import type { WeightSpec } from "./architecture";
import type { Weights } from "./weights";

/**
 * First values of every weight. Each weight draws from a stream named after it, so that no value depends on the
 * order of the layers.
 */
export function initialWeights(specs: WeightSpec[], seed: number): Weights {
  return Object.fromEntries(specs.map((spec) => [spec.name, { shape: spec.shape, values: initialValues(spec, seed) }]));
}

function initialValues({ name, shape, start }: WeightSpec, seed: number): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if ("constant" in start) return values.fill(start.constant);
  const source = random(seed, "weights", name);
  return values.map(() => (2 * source.uniform() - 1) * start.bound);
}
