import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import { random } from "../base";
import { configure, ModelOptions, StoredOptions } from "../config";
import { countElements } from "../engine";
import type { Weights } from "./architecture";
import { architecture, type NamedShape, type WeightSpec } from "./architecture";
import { PhaseContradictory, WeightsMismatch } from "./errors";
import type { Mode } from "./forward";
import { forward, type ModelOutput } from "./forward";
import { alone, type JoinedWeight, joinedWeights, parametersIn } from "./joined";
import type { Parameters } from "./layers";

/** What a model begins with. */
export interface ModelStart {
  /** Of freshly initialised weights. */
  seed?: number;
  /** Weights already trained, in place of fresh ones. */
  weights?: Weights;
  /** Weights of a vision tower that are trained with the heads (phases 2 and 3), by their own names. */
  tower?: Weights;
}

/**
 * The guide's thumbnail ranker: options, architecture and weights as plain arrays. It computes nothing until an engine
 * holds its weights; `forward` is what the engine compiles.
 */
export class ThumbnailRankingModel {
  readonly options: ModelOptions;
  /** All weights in order, without values. */
  readonly specs: NamedShape[];
  /** How an engine holds them. */
  readonly layout: JoinedWeight[];
  readonly weights: Weights;
  /** Names of the vision tower's trained weights among them; none when it is frozen, and after a fine-tuning. */
  readonly towerNames: readonly string[];

  /**
   * @param options the guide's; omitted ones use its defaults
   * @throws ConfigInvalid for impossible options
   * @throws PhaseContradictory for options that both freeze CLIP and fine-tune it, or neither
   * @throws WeightsMismatch if given weights lack a name or differ in shape
   */
  constructor(options: z.input<typeof ModelOptions> = {}, { seed = 0, weights, tower = {} }: ModelStart = {}) {
    // Stored weights keep their width, even if new models are limited to other widths.
    this.options = configure(weights === undefined ? ModelOptions : StoredOptions.shape.model, options);
    const { freezeClip, fineTuneBlocks } = this.options;
    if (freezeClip !== (fineTuneBlocks === 0)) throw new PhaseContradictory(freezeClip, fineTuneBlocks);
    const heads = architecture(this.options);
    const trained = Object.entries(tower).map(([name, { shape }]) => ({ name, shape, trainable: true }));
    this.specs = [...heads, ...trained];
    this.layout = [...joinedWeights(heads), ...trained.map(alone)];
    this.towerNames = Object.keys(tower);
    this.weights = { ...(weights ?? initialWeights(heads, seed)), ...tower };
    checkWeights(this.specs, this.weights);
  }

  /** Width of an input row: image and title embedding side by side. */
  get inputDim(): number {
    return this.options.clipDim + this.options.textDim;
  }

  /** The same model with other weights, such as the result of a training; those of a tower included. */
  withWeights(weights: Weights): ThumbnailRankingModel {
    const { heads, tower } = this.#parts(weights);
    return new ThumbnailRankingModel(this.options, { weights: heads, tower });
  }

  /** The heads alone, which rank vectors that an encoder made. */
  withoutTower(): ThumbnailRankingModel {
    return new ThumbnailRankingModel(this.options, { weights: this.#parts(this.weights).heads });
  }

  /** The trained weights of the vision tower, by their own names. */
  get tower(): Weights {
    return this.#parts(this.weights).tower;
  }

  #parts(weights: Weights): { heads: Weights; tower: Weights } {
    const names = new Set(this.towerNames);
    const those = (isTower: boolean) =>
      Object.fromEntries(Object.entries(weights).filter(([name]) => names.has(name) === isTower));
    return { heads: those(false), tower: those(true) };
  }

  /**
   * Scores, CTR and sub-scores in plain TensorFlow.js operations, inside a compiled step or outside.
   * @param held tensors or variables by the names of `layout`
   * @param x [rows, inputDim]
   */
  forward(held: Parameters, x: tf.Tensor2D, mode: Mode): ModelOutput {
    return forward(this.parametersIn(held), x, mode);
  }

  /** The parameters that single heads use, from tensors or variables by the names of `layout`. */
  parametersIn(held: Parameters): Parameters {
    return parametersIn(this.layout, held);
  }
}

function checkWeights(specs: NamedShape[], weights: Weights): void {
  const expected = new Map(specs.map(({ name, shape }) => [name, shape]));
  const unknown = Object.keys(weights).filter((name) => !expected.has(name));
  const differences = [
    ...specs.flatMap(({ name, shape }) => difference(name, shape, weights)),
    ...unknown.map((name) => `${name} is unknown`),
  ];
  if (differences.length > 0) throw new WeightsMismatch(differences);
}

function difference(name: string, shape: number[], weights: Weights): string[] {
  const found = weights[name];
  if (found === undefined) return [`${name} is missing`];
  if (found.shape.join() === shape.join()) return [];
  return [`${name} is [${found.shape.join(", ")}], not [${shape.join(", ")}]`];
}

/**
 * Initial values of every weight. Each weight draws from a stream named after it, so that no value depends on the order
 * of the layers.
 */
export function initialWeights(specs: WeightSpec[], seed: number): Weights {
  return Object.fromEntries(specs.map((spec) => [spec.name, { shape: spec.shape, values: initialValues(spec, seed) }]));
}

function initialValues({ name, shape, start }: WeightSpec, seed: number): Float32Array {
  const values = new Float32Array(countElements(shape));
  if ("constant" in start) return values.fill(start.constant);
  const source = random(seed, "weights", name);
  return values.map(() => (2 * source.uniform() - 1) * start.bound);
}
