import * as tf from "@tensorflow/tfjs";
import { type Engine, lendableArray } from "../../lib/engine";
import {
  embedPixels,
  type LoraAdapters,
  openVisionFolder,
  type Parameters,
  type PatchGrid,
  type VisionConfig,
  visionSpecs,
  type WeightArray,
  withLora,
} from "../../lib/model";

/** What towers are fed, and what their embeddings are compared with in the loss. */
export interface Inputs {
  grid: PatchGrid;
  /** [batch, 3, height, width] */
  pixels: WeightArray;
  /** [batch, projection] */
  target: WeightArray;
}

/** What a tower is computed with. */
interface Held {
  config: VisionConfig;
  /** Of the tower, and of its adapters. */
  variables: Record<string, tf.Variable>;
  parametersOf: () => Parameters;
}

/** Embeddings of a tower in a folder. @returns [batch, projection] */
export function embed(engine: Engine, folder: string, { grid, pixels }: Inputs, adapters?: LoraAdapters) {
  return withTower(engine, folder, adapters, async ({ config, parametersOf }) => {
    const compiled = engine.jit((x) => [embedPixels(parametersOf(), config, grid, x as tf.Tensor4D)], pixels);
    const [embeds = new Float32Array()] = await compiled(pixels.values.slice());
    compiled.dispose();
    return embeds;
  });
}

/** Embeddings, the mean squared difference from the target, and its gradients of some weights. */
export interface Computed {
  embeds: Float32Array;
  loss: number;
  gradients: Record<string, Float32Array>;
}

/** Computes a tower in a folder. @param trained names of the weights whose gradients are asked for */
export function compute(
  engine: Engine,
  folder: string,
  { grid, pixels, target }: Inputs,
  trained: readonly string[],
  adapters?: LoraAdapters,
): Promise<Computed> {
  return withTower(engine, folder, adapters, async ({ config, variables, parametersOf }) => {
    const step = (x: tf.Tensor, wanted: tf.Tensor) => {
      let embeds: tf.Tensor = x;
      const { value, grads } = tf.valueAndGrads(() => {
        embeds = tf.keep(embedPixels(parametersOf(), config, grid, x as tf.Tensor4D));
        return tf.mean(tf.square(tf.sub(embeds, wanted))) as tf.Scalar;
      })(trained.map((name) => variables[name] as tf.Variable));
      return [embeds, value, ...grads];
    };
    const compiled = engine.jit(step, pixels, target);
    const [embeds, loss, ...gradients] = await compiled(pixels.values.slice(), target.values.slice());
    compiled.dispose();
    return {
      embeds: embeds as Float32Array,
      loss: loss?.[0] ?? Number.NaN,
      gradients: Object.fromEntries(trained.map((name, index) => [name, gradients[index] as Float32Array])),
    };
  });
}

/** Opens a tower, puts its weights and those of adapters on the engine, and frees all when `work` is done. */
async function withTower<Result>(
  engine: Engine,
  folder: string,
  adapters: LoraAdapters | undefined,
  work: (held: Held) => Promise<Result>,
): Promise<Result> {
  const opened = await openVisionFolder(folder);
  const variables: Record<string, tf.Variable> = {};
  try {
    const { config } = opened;
    for (const { name, shape } of visionSpecs(config)) {
      const { values } = await opened.read(name, (length) => lendableArray(Float32Array, length));
      variables[name] = engine.variable(values, shape, { lend: true });
    }
    for (const [name, { values, shape }] of Object.entries(adapters?.weights ?? {}))
      variables[name] = engine.variable(values, shape);
    const parametersOf = () => (adapters === undefined ? variables : withLora(variables, adapters));
    return await work({ config, variables, parametersOf });
  } finally {
    for (const variable of Object.values(variables)) variable.dispose();
    await opened.close();
  }
}
