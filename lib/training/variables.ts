import * as tf from "@tensorflow/tfjs";
import { at } from "../base";
import type { AdamSlots, Engine } from "../engine";
import type { TrainingData } from "../features";
import {
  type JoinedWeight,
  joined,
  splitWeights,
  type ThumbnailRankingModel,
  type WeightArray,
  type Weights,
} from "../model";
import { divideIntoGroups, type Groups } from "./groups";
import { TowerVectors, type TrainedTower } from "./tower";

/** Everything the compiled step reads and writes that is not fed. */
export interface TrainingVariables {
  /** All weights by the names of the model's `layout`, including BatchNorm statistics. */
  parameters: Record<string, tf.Variable>;
  /** Names of the weights that have gradients, in the order of the layout. */
  trainable: string[];
  /** Which of them share a learning rate. */
  groups: Groups;
  /** By the names of the trainable weights. */
  slots: Record<string, AdamSlots>;
  /** [n, inputDim] */
  features: tf.Variable;
  /** [n] */
  ctrTargets: tf.Variable;
  /** [n, 6] */
  auxiliaryTargets: tf.Variable;
  /** Image vectors that take the place of those in `features` while a tower is trained. */
  towerVectors?: TowerVectors;
}

/** Makes engine variables of the model's weights, by the names of its `layout`. */
export function weightVariables(
  engine: Engine,
  { layout, weights }: ThumbnailRankingModel,
): Record<string, tf.Variable> {
  const held = joined(layout, weights);
  const entries = layout.map(({ name, shape, trainable }) => {
    return [name, engine.variable(valuesOf(held, name), shape, { name, trainable })] as const;
  });
  return Object.fromEntries(entries);
}

/** Makes engine variables of the weights, zero moments and the data. @param tower that is trained, if any */
export function trainingVariables(
  engine: Engine,
  model: ThumbnailRankingModel,
  data: TrainingData,
  tower?: TrainedTower,
): TrainingVariables {
  const constant = (values: Float32Array, shape: number[]) => engine.variable(values, shape, { trainable: false });
  const parameters = weightVariables(engine, model);
  const trainable = model.layout.flatMap(({ name, trainable }) => (trainable ? [name] : []));
  const slots = trainable.map((name) => {
    const { size, shape } = parameters[name] as tf.Variable;
    const zeros = () => constant(new Float32Array(size), shape);
    return [name, { m: zeros(), v: zeros() }] as const;
  });
  const rows = data.videos.length;
  return {
    parameters,
    trainable,
    groups: divideIntoGroups(model.layout.filter(({ trainable }) => trainable)),
    slots: Object.fromEntries(slots),
    features: engine.variable(data.features, [rows, model.inputDim], { trainable: false, lend: true }),
    ctrTargets: constant(data.ctrTargets, [rows]),
    auxiliaryTargets: constant(data.auxiliaryTargets, [rows, data.auxiliaryTargets.length / rows]),
    ...(tower && { towerVectors: new TowerVectors(engine, tower, parameters, [rows, data.imageDim]) }),
  };
}

/**
 * Rows of the features, inside a compiled step; while a tower is trained, with the image vectors of its last refresh.
 * @param rows int32 [n]
 * @returns [n, inputDim]
 */
export function gatherRows({ features, towerVectors }: TrainingVariables, rows: tf.Tensor1D): tf.Tensor2D {
  const stored = tf.gather(features, rows) as tf.Tensor2D;
  if (towerVectors === undefined) return stored;
  return withImageVectors(stored, tf.gather(towerVectors.table, rows) as tf.Tensor2D);
}

/**
 * Puts other image vectors into rows of features.
 * @param rows [n, inputDim]
 * @param vectors [n, clipDim]
 */
export function withImageVectors(rows: tf.Tensor2D, vectors: tf.Tensor2D): tf.Tensor2D {
  const [count, clipDim] = vectors.shape;
  return tf.concat([vectors, tf.slice(rows, [0, clipDim], [count, rows.shape[1] - clipDim])], 1);
}

/** Makes variables of the same names and shapes that hold zeros and are not trained. */
export function emptyVariables(engine: Engine, like: Record<string, tf.Variable>): Record<string, tf.Variable> {
  const entries = Object.entries(like).map(([name, { size, shape }]) => {
    return [name, engine.variable(new Float32Array(size), shape, { trainable: false })] as const;
  });
  return Object.fromEntries(entries);
}

/** The owner of some variables. */
interface Owner {
  engine: Engine;
  model: ThumbnailRankingModel;
}

/** Reads variables named as in the model's `layout`, by the weights' own names. */
export async function readVariables(owner: Owner, variables: Record<string, tf.Variable>): Promise<Weights> {
  const layout = layoutOf(owner, variables);
  const values = await owner.engine.read(layout.map(({ name }) => variables[name] as tf.Variable));
  const entries = layout.map(({ name, shape }, index) => [name, { shape, values: at(values, index) }]);
  return splitWeights(layout, Object.fromEntries(entries));
}

/**
 * Sets variables named as in the model's `layout` to the values of weights.
 * @param weights by their own names
 */
export function writeVariables(owner: Owner, variables: Record<string, tf.Variable>, weights: Weights): void {
  const layout = layoutOf(owner, variables);
  const held = joined(layout, weights);
  for (const { name } of layout) owner.engine.write(variables[name] as tf.Variable, valuesOf(held, name));
}

/** Frees the variables that `trainingVariables` made. */
export function disposeVariables(variables: TrainingVariables): void {
  const { parameters, slots, features, ctrTargets, auxiliaryTargets, towerVectors } = variables;
  towerVectors?.dispose();
  const moments = Object.values(slots).flatMap(({ m, v }) => [m, v]);
  for (const variable of [...Object.values(parameters), ...moments, features, ctrTargets, auxiliaryTargets])
    variable.dispose();
}

function layoutOf({ model }: Owner, variables: Record<string, tf.Variable>): JoinedWeight[] {
  return model.layout.filter(({ name }) => name in variables);
}

function valuesOf(weights: Weights, name: string): Float32Array {
  return (weights[name] as WeightArray).values;
}
