/** Values of one weight, row-major. */
export interface WeightArray {
  shape: number[];
  values: Float32Array;
}

/** Weights by name, as PyTorch's `state_dict` would name and lay them out, such as `projection.weight` [out, in]. */
export type Weights = Record<string, WeightArray>;

/** A copy that shares no memory. */
export function copyWeights(weights: Weights): Weights {
  return mapWeights(weights, (values) => values.slice());
}

/** The same names and shapes, all zero. */
export function zeroWeights(weights: Weights): Weights {
  return mapWeights(weights, (values) => new Float32Array(values.length));
}

/** Weights of the same names and shapes with other values. */
export function mapWeights(weights: Weights, change: (values: Float32Array, name: string) => Float32Array): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, { shape, values: change(values, name) }]),
  );
}
