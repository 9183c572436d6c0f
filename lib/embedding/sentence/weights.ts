import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { type Engine, lendableArray } from "../../engine";
import { type Parameters, SafetensorsFile } from "../../model";
import { weightShapes } from "./bert";
import { SentenceEncoderUnusable } from "./errors";
import type { Transformer } from "./settings";

export const WEIGHTS_FILE = "model.safetensors";
/** Prefixes of the names in models with their own head. */
const PREFIXES = ["", "bert.", "roberta."];

/**
 * Loads the weights of a transformer as variables of an engine.
 * @throws SentenceEncoderUnusable if one is missing or has another shape, SafetensorsInvalid
 */
export async function loadWeights(engine: Engine, folder: string, config: Transformer): Promise<Parameters> {
  const file = await SafetensorsFile.open(join(folder, WEIGHTS_FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new SentenceEncoderUnusable(folder, `${WEIGHTS_FILE} is missing`, error);
  });
  try {
    const shapes = weightShapes(config);
    const prefix = PREFIXES.find((one) => file.tensors.has(`${one}embeddings.word_embeddings.weight`)) ?? "";
    for (const [name, shape] of shapes) requireShape(folder, name, file.tensors.get(prefix + name)?.shape, shape);
    const parameters: Record<string, tf.Variable> = {};
    for (const [name, shape] of shapes) {
      const { values } = await file.read(prefix + name, (length) => lendableArray(Float32Array, length));
      parameters[name] = engine.variable(values, shape, { name, trainable: false, lend: true });
    }
    return parameters;
  } finally {
    await file.close();
  }
}

function requireShape(folder: string, name: string, found: number[] | undefined, wanted: number[]): void {
  if (found === undefined) throw new SentenceEncoderUnusable(folder, `${WEIGHTS_FILE} has no tensor ${name}`);
  if (found.join() !== wanted.join())
    throw new SentenceEncoderUnusable(
      folder,
      `${WEIGHTS_FILE} has ${name} of shape [${found.join(", ")}]; config.json makes it [${wanted.join(", ")}]`,
    );
}
