import { existsSync } from "node:fs";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { concatenated } from "../../base";
import { type Compiled, type Engine, lendableArray } from "../../engine";
import {
  embedPatches,
  embedPixels,
  openVisionFolder,
  type Parameters,
  runBlocks,
  tokenCount,
  VISION_FILES,
  type VisionConfig,
  type VisionInput,
  visionSpecs,
} from "../../model";
import { meansOfRows, normaliseRows, type Pixels } from "../encoder";
import type { Geometry } from "../geometry";
import { computeRevision } from "../hub/load";
import { type ByteValues, byteValues, pixelValues } from "../pixel-values";
import { type TowerInput, towerInput } from "./input";

/** Pictures computed at once, at most: more take memory and gain nothing on a CPU. */
const AT_ONCE = 16;
/** Numbers of one block's attention that are computed at once, at most: 268 MB. Eight pictures of ViT-L/14 in full. */
const ATTENTION_AT_ONCE = 2 ** 26;
/** Weights that only products read. */
const FACTORS = /\.(self_attn|mlp)\.\w+\.weight$|^visual_projection/;

/** How to open a tower. */
export interface TowerOptions {
  /** Its name in messages and identities. */
  model: string;
  /** Words of an identity that it must take in pictures by. */
  preprocessing?: string | undefined;
  /** Otherwise the geometry; its folder's own if omitted. */
  geometry?: Geometry | undefined;
}

/** A CLIP vision tower of a folder, on an engine: from pixels to vectors, or to the hidden states before a block. */
export class VisionTower {
  readonly #steps = new Map<string, Compiled>();
  readonly #table: ByteValues;

  private constructor(
    readonly folder: string,
    readonly config: VisionConfig,
    /** What the folder says of its input. */
    readonly stored: VisionInput,
    readonly input: TowerInput,
    /** Hash of its weights and configuration. */
    readonly revision: string,
    /** All weights, as variables that are not trained. */
    readonly parameters: Parameters,
    private readonly engine: Engine,
  ) {
    this.#table = byteValues(stored.means, stored.deviations);
  }

  /**
   * Opens a folder as `transformers` saves it; its weights become variables of the engine, and live as long.
   * @throws VisionFolderUnusable, SafetensorsInvalid, GeometryUnsupported
   */
  static async open(engine: Engine, folder: string, { model, ...wanted }: TowerOptions): Promise<VisionTower> {
    const opened = await openVisionFolder(folder);
    try {
      const { config, input: stored } = opened;
      const input = towerInput(model, opened, wanted);
      const files = VISION_FILES.filter((file) => existsSync(join(folder, file)));
      const revision = await computeRevision(folder, files);
      const parameters: Record<string, tf.Variable> = {};
      for (const { name, shape } of visionSpecs(config)) {
        const { values } = await opened.read(name, (length) => lendableArray(Float32Array, length));
        const rounded = engine.settings?.precision === "bfloat16" && FACTORS.test(name);
        parameters[name] = engine.variable(values, shape, { name, trainable: false, rounded, lend: !rounded });
      }
      return new VisionTower(folder, config, stored, input, revision, parameters, engine);
    } finally {
      await opened.close();
    }
  }

  /**
   * Embeds pictures.
   * @param pictures as `input.fit` leaves them
   * @returns [pictures, projection], each row of length 1
   */
  async embed(pictures: readonly Pixels[]): Promise<Float32Array> {
    const { config, parameters, input } = this;
    const pieces = pictures.flatMap((pixels) => input.pieces(pixels));
    const rows = await this.#run("embed", pieces, (pixels) => embedPixels(parameters, config, input.grid, pixels));
    return meansOfRows(normaliseRows(rows, config.projection), pieces.length / pictures.length, config.projection);
  }

  /**
   * The hidden states before a block, for training the blocks from there on.
   * @param pictures as `input.fit` leaves them, in any geometry of one input a picture
   * @param block from 0
   * @returns [pictures * tokens, width]
   */
  async hidden(pictures: readonly Pixels[], block: number): Promise<Float32Array> {
    const { config, parameters, input } = this;
    return this.#run(`hidden ${block}`, pictures, (pixels) => {
      const [batch] = pixels.shape;
      const patches = embedPatches(parameters, config, input.grid, pixels);
      return runBlocks(parameters, config, patches, { batch, from: 0, to: block });
    });
  }

  /** Normalised pixels. @param pictures as `input.fit` leaves them @returns [pictures, 3, height, width] */
  values(pictures: readonly Pixels[]): Float32Array {
    return pixelValues(pictures, this.#table);
  }

  /** Numbers of one picture's hidden states. */
  get hiddenSize(): number {
    return tokenCount(this.input.grid) * this.config.width;
  }

  /** Frees what was compiled and the weights; the engine stays open. */
  dispose(): void {
    for (const step of this.#steps.values()) step.dispose();
    for (const variable of Object.values(this.parameters)) variable.dispose();
  }

  /**
   * Runs a part of the tower on some pictures at a time. Their numbers are powers of two, so that few steps are compiled
   * and none computes fillers.
   */
  async #run(
    name: string,
    pictures: readonly Pixels[],
    part: (pixels: tf.Tensor4D) => tf.Tensor,
  ): Promise<Float32Array> {
    const { width, height, grid } = this.input;
    const affordable = Math.max(1, ATTENTION_AT_ONCE / (this.config.heads * tokenCount(grid) ** 2));
    const results: Float32Array[] = [];
    for (let start = 0; start < pictures.length; ) {
      const rows = 2 ** Math.floor(Math.log2(Math.min(AT_ONCE, affordable, pictures.length - start)));
      const group = pictures.slice(start, start + rows);
      start += rows;
      const shape = [rows, 3, height, width];
      const key = `${name} ${rows}`;
      const step = this.#steps.get(key) ?? this.engine.jit((pixels) => [part(pixels as tf.Tensor4D)], { shape });
      this.#steps.set(key, step);
      results.push(...(await step(this.values(group))));
    }
    return concatenated(results);
  }
}
