import type * as tf from "@tensorflow/tfjs";
import type { z } from "zod";
import { random } from "../base";
import { configure, ModelOptions, StoredOptions } from "../config";
import { countElements } from "../engine";
import type { Weights } from "./architecture";
import { architecture, type WeightSpec } from "./architecture";
import { FineTuningUnavailable, WeightsMismatch } from "./errors";
import type { Mode } from "./forward";
import { forward, type ModelOutput } from "./forward";
import { type JoinedWeight, joinedWeights, parametersIn } from "./joined";
import type { Parameters } from "./layers";

/**
 * The guide's thumbnail ranker: options, architecture and weights as plain arrays. It computes nothing until an engine
 * holds its weights; `forward` is what the engine compiles.
 */
export class ThumbnailRankingModel {
  readonly options: ModelOptions;
  /** All weights in order, without values. */
  readonly specs: WeightSpec[];
  /** How an engine holds them. */
  readonly layout: JoinedWeight[];
  readonly weights: Weights;

  /**
   * @param options the guide's; omitted ones use its defaults
   * @param start `seed` for freshly initialised weights, or `weights` already trained
   * @throws ConfigInvalid for impossible options
   * @throws FineTuningUnavailable for options that train CLIP itself
   * @throws WeightsMismatch if given weights lack a name or differ in shape
   */
  constructor(options: z.input<typeof ModelOptions> = {}, start: { seed?: number; weights?: Weights } = {}) {
    // Stored weights keep their width, even if new models are limited to other widths.
    this.options = configure(start.weights === undefined ? ModelOptions : StoredOptions.shape.model, options);
    const { freezeClip, fineTuneBlocks } = this.options;
    if (!freezeClip || fineTuneBlocks > 0) throw new FineTuningUnavailable(freezeClip, fineTuneBlocks);
    this.specs = architecture(this.options);
    this.layout = joinedWeights(this.specs);
    this.weights = start.weights ?? initialWeights(this.specs, start.seed ?? 0);
    checkWeights(this.specs, this.weights);
  }

  /** Width of an input row: image and title embedding side by side. */
  get inputDim(): number {
    return this.options.clipDim + this.options.textDim;
  }

  /** The same model with other weights, such as the result of a training. */
  withWeights(weights: Weights): ThumbnailRankingModel {
    return new ThumbnailRankingModel(this.options, { weights });
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

function checkWeights(specs: WeightSpec[], weights: Weights): void {
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
function initialWeights(specs: WeightSpec[], seed: number): Weights {
  return Object.fromEntries(specs.map((spec) => [spec.name, { shape: spec.shape, values: initialValues(spec, seed) }]));
}

function initialValues({ name, shape, start }: WeightSpec, seed: number): Float32Array {
  const values = new Float32Array(countElements(shape));
  if ("constant" in start) return values.fill(start.constant);
  const source = random(seed, "weights", name);
  return values.map(() => (2 * source.uniform() - 1) * start.bound);
}
