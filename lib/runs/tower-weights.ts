import type * as tf from "@tensorflow/tfjs";
import type { Engine } from "../engine";
import { openVisionFolder, type WeightArray, type Weights } from "../model";

/** Reads a weight of a vision tower by its name in `visionSpecs`. */
export type ReadWeight = (name: string) => Promise<WeightArray>;

/** A reader of a folder's weights as they are. */
export function weightReader(folder: string): ReadWeight {
  return async (name) => {
    const opened = await openVisionFolder(folder);
    try {
      return await opened.read(name);
    } finally {
      await opened.close();
    }
  };
}

/** Copies of some weights. */
export async function readWeights(read: ReadWeight, names: readonly string[]): Promise<Weights> {
  const weights: Weights = {};
  for (const name of names) weights[name] = await read(name);
  return weights;
}

/** Weights that a step reads and does not train. */
export async function frozenVariables(
  engine: Engine,
  read: ReadWeight,
  names: readonly string[],
): Promise<Record<string, tf.Variable>> {
  const variables: Record<string, tf.Variable> = {};
  for (const name of names) {
    const { values, shape } = await read(name);
    variables[name] = engine.variable(values, shape, { trainable: false });
  }
  return variables;
}
