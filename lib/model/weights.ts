/** Values of one weight, row-major. */
export interface WeightArray {
  shape: number[];
  values: Float32Array;
}

/** Weights by name, as PyTorch's `state_dict` would name and lay them out, such as `projection.weight` [out, in]. */
export type Weights = Record<string, WeightArray>;

/** Weights of the same names and shapes with other values. */
export function mapWeights(weights: Weights, change: (values: Float32Array, name: string) => Float32Array): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, { shape, values: change(values, name) }]),
  );
}
