import type * as tf from "@tensorflow/tfjs";
import type { AdamSlots, Engine } from "../engine";
import { joined, joinedName, parted, type ThumbnailRankingModel, type WeightArray, type Weights } from "../model";
import type { TrainingData } from "./data";

/** Everything the compiled step reads and writes without it being fed. */
export interface TrainingVariables {
  /** All weights by the names under which they are joined, BatchNorm statistics included. */
  parameters: Record<string, tf.Variable>;
  /** Names of the weights that have gradients, in the order of the architecture. */
  trainable: string[];
  /** By the names of the trainable weights. */
  slots: Record<string, AdamSlots>;
  /** [n, inputDim] */
  features: tf.Variable;
  /** [n] */
  ctrTargets: tf.Variable;
  /** [n, 6] */
  auxiliaryTargets: tf.Variable;
}

/** The model's weights as variables of the engine, by their joined names, in the order of the architecture. */
export function weightVariables(engine: Engine, model: ThumbnailRankingModel): Record<string, tf.Variable> {
  const weights = joined(model.weights);
  const trainable = new Set(trainableNames(model));
  const entries = joinedNames(model).map((name) => {
    const { values, shape } = weightOf(weights, name);
    return [name, engine.variable(values, shape, { name, trainable: trainable.has(name) })] as const;
  });
  return Object.fromEntries(entries);
}

/** Gives weights, empty moments and the data to the engine. */
export function trainingVariables(engine: Engine, model: ThumbnailRankingModel, data: TrainingData): TrainingVariables {
  const constant = (values: Float32Array, shape: number[]) => engine.variable(values, shape, { trainable: false });
  const parameters = weightVariables(engine, model);
  const trainable = trainableNames(model);
  const slots = trainable.map((name) => {
    const { size, shape } = parameters[name] as tf.Variable;
    const zeros = () => constant(new Float32Array(size), shape);
    return [name, { m: zeros(), v: zeros() }] as const;
  });
  const rows = data.videos.length;
  return {
    parameters,
    trainable,
    slots: Object.fromEntries(slots),
    features: engine.variable(data.features, [rows, model.inputDim], { trainable: false, lend: true }),
    ctrTargets: constant(data.ctrTargets, [rows]),
    auxiliaryTargets: constant(data.auxiliaryTargets, [rows, data.auxiliaryTargets.length / rows]),
  };
}

/** Variables of the same names and shapes that hold zeros and are not trained. */
export function emptyVariables(engine: Engine, like: Record<string, tf.Variable>): Record<string, tf.Variable> {
  const entries = Object.entries(like).map(([name, { size, shape }]) => {
    return [name, engine.variable(new Float32Array(size), shape, { trainable: false })] as const;
  });
  return Object.fromEntries(entries);
}

/** Values of named variables, by the weights' own names. */
export async function readVariables(engine: Engine, variables: Record<string, tf.Variable>): Promise<Weights> {
  const named = Object.entries(variables);
  const values = await engine.read(named.map(([, variable]) => variable));
  const entries = named.map(([name, { shape }], index) => [name, { shape, values: values[index] as Float32Array }]);
  return parted(Object.fromEntries(entries));
}

/**
 * Gives variables the values of the same names.
 * @param weights by their own names
 */
export function writeVariables(engine: Engine, variables: Record<string, tf.Variable>, weights: Weights): void {
  const held = joined(weights);
  for (const [name, variable] of Object.entries(variables)) engine.write(variable, weightOf(held, name).values);
}

/** Frees what `trainingVariables` made. */
export function disposeVariables({ parameters, slots, features, ctrTargets, auxiliaryTargets }: TrainingVariables) {
  const moments = Object.values(slots).flatMap(({ m, v }) => [m, v]);
  for (const variable of [...Object.values(parameters), ...moments, features, ctrTargets, auxiliaryTargets])
    variable.dispose();
}

function joinedNames({ specs }: Pick<ThumbnailRankingModel, "specs">): string[] {
  return [...new Set(specs.map(({ name }) => joinedName(name)))];
}

function trainableNames({ specs }: ThumbnailRankingModel): string[] {
  return joinedNames({ specs: specs.filter(({ trainable }) => trainable) });
}

function weightOf(weights: Weights, name: string): WeightArray {
  const found = weights[name];
  if (found === undefined) throw new RangeError(`there is no weight named ${name}`);
  return found;
}
