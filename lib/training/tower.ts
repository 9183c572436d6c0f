import * as tf from "@tensorflow/tfjs";
import type { Compiled, Engine } from "../engine";
import { inMicroBatches } from "../engine";
import {
  BLOCKS,
  embedPatches,
  type LoraScale,
  type Parameters,
  type PatchGrid,
  poolAndProject,
  runBlocks,
  tokenCount,
  type VisionConfig,
  withLora,
} from "../model";

/** A vision tower that is trained with the heads: how a step makes image vectors of what it is fed. */
export interface TrainedTower {
  /** Shape of what is fed for one picture. */
  readonly inputShape: readonly number[];
  /**
   * Reads what is fed for some rows of the training data.
   * @returns [rows, ...inputShape], row-major
   */
  read(rows: Int32Array): Promise<Float32Array>;
  /**
   * Image vectors, inside a compiled step.
   * @param trained the tower's trained weights by name; variables, so that parts can be recomputed
   * @param input [pictures, ...inputShape]
   * @returns [pictures, clipDim], each of length 1
   */
  embed(trained: Parameters, input: tf.Tensor): tf.Tensor2D;
}

/** A tower as a step computes it. */
export interface TowerShape {
  config: VisionConfig;
  grid: PatchGrid;
  /** See `TrainedTower`. */
  read: TrainedTower["read"];
  /** Pictures at a time, to save memory: the blocks are then computed twice. All at once if omitted. */
  microBatch?: number | undefined;
  /** Scale of LoRA adapters, where those are trained. */
  lora?: LoraScale | undefined;
}

/** The last blocks of a tower, fed with the hidden states before them. */
export interface LastBlocks extends TowerShape {
  /** The first block that runs in the step, from 0. */
  from: number;
  /** Weights of these blocks that are not trained, as tensors or variables of the engine. */
  frozen?: Parameters;
}

/** A tower of which the blocks from `from` on, the post-norm and the projection run in the step. */
export function lastBlocks({ from, frozen = {}, ...shape }: LastBlocks): TrainedTower {
  const { config, grid, read } = shape;
  const { width } = config;
  const tokens = tokenCount(grid);
  return {
    inputShape: [tokens, width],
    read,
    embed(trained, input) {
      const [pictures = 0] = input.shape;
      const states = tf.reshape(input, [pictures * tokens, width]) as tf.Tensor2D;
      return blocksToVectors(shape, { ...frozen, ...trained }, states, from);
    },
  };
}

/** A tower that is trained from its patches on, fed with normalised pixels. */
export function wholeTower(shape: TowerShape): TrainedTower {
  const { config, grid, read } = shape;
  const { patchSize } = config;
  return {
    inputShape: [3, grid.rows * patchSize, grid.columns * patchSize],
    read,
    embed: (trained, pixels) =>
      blocksToVectors(shape, trained, embedPatches(trained, config, grid, pixels as tf.Tensor4D), 0),
  };
}

/** @param states hidden states before the block `from`, [pictures * tokens, width] @returns [pictures, projection] */
function blocksToVectors(
  { config, grid, microBatch, lora }: TowerShape,
  parameters: Parameters,
  states: tf.Tensor2D,
  from: number,
): tf.Tensor2D {
  const tokens = tokenCount(grid);
  const to = config.blocks;
  const run = (part: tf.Tensor2D) => {
    const merged = lora === undefined ? parameters : withLora(parameters, lora);
    return runBlocks(merged, config, part, { batch: part.shape[0] / tokens, from, to });
  };
  const last =
    microBatch === undefined
      ? run(states)
      : inMicroBatches(run, states, microBatch * tokens, blockVariables(parameters));
  return scaleToUnit(poolAndProject(parameters, config, last, states.shape[0] / tokens));
}

/** The trained variables that the blocks read; the post-norm and the projection come after them. */
function blockVariables(parameters: Parameters): tf.Variable[] {
  return Object.entries(parameters).flatMap(([name, each]) =>
    name.startsWith(BLOCKS) && each instanceof tf.Variable && each.trainable ? [each] : [],
  );
}

/** Scales each row to length 1, as encoders do. @param x [rows, width] */
function scaleToUnit(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(x, tf.rsqrt(tf.sum(tf.square(x), 1, true)));
}

/** Pictures per call when vectors are made anew: a step's own number would waste little more. */
const CHUNK = 16;

/** Image vectors of the present weights of a tower, for whatever reads the table of features. */
export class TowerVectors {
  /** [rows of the data, clipDim]; valid for the rows of the last `refresh`. */
  readonly table: tf.Variable;
  readonly #values: Float32Array;
  readonly #compiled: Compiled;

  /**
   * @param rows of the training data
   * @param trained the tower's trained weights, as variables
   */
  constructor(
    private readonly engine: Engine,
    private readonly tower: TrainedTower,
    trained: Parameters,
    [rows, clipDim]: [rows: number, clipDim: number],
  ) {
    this.#values = new Float32Array(rows * clipDim);
    this.table = engine.variable(this.#values, [rows, clipDim], { trainable: false });
    this.#compiled = engine.jit((input) => [tower.embed(trained, input as tf.Tensor)], {
      shape: [CHUNK, ...tower.inputShape],
    });
  }

  /** Makes the vectors of some rows with the present weights. */
  async refresh(rows: Int32Array): Promise<void> {
    const [, clipDim = 0] = this.table.shape;
    for (let start = 0; start < rows.length; start += CHUNK) {
      const part = rows.subarray(start, start + CHUNK);
      const [vectors] = (await this.#compiled(await this.#inputOf(part))) as [Float32Array];
      for (const [place, row] of part.entries())
        this.#values.set(vectors.subarray(place * clipDim, (place + 1) * clipDim), row * clipDim);
    }
    this.engine.write(this.table, this.#values);
  }

  dispose(): void {
    this.#compiled.dispose();
    this.table.dispose();
  }

  /** A short last chunk is filled up with its first picture. */
  async #inputOf(rows: Int32Array): Promise<Float32Array> {
    const filled = new Int32Array(CHUNK).fill(rows[0] ?? 0);
    filled.set(rows);
    return this.tower.read(filled);
  }
}
