import type * as tf from "@tensorflow/tfjs";
import type { AdamSlots, Engine } from "../engine";
import type { ThumbnailRankingModel, Weights } from "../model";
import type { TrainingData } from "./data";

/** Everything the compiled step reads and writes without it being fed. */
export interface TrainingVariables {
  /** All weights by name, BatchNorm statistics included. */
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

/** The model's weights as variables of the engine, by name. */
export function weightVariables(engine: Engine, model: ThumbnailRankingModel): Record<string, tf.Variable> {
  const entries = model.specs.map(({ name, shape, trainable }) => {
    return [name, engine.variable(valuesOf(model.weights, name), shape, { name, trainable })] as const;
  });
  return Object.fromEntries(entries);
}

/** Gives weights, empty moments and the data to the engine. */
export function trainingVariables(engine: Engine, model: ThumbnailRankingModel, data: TrainingData): TrainingVariables {
  const constant = (values: Float32Array, shape: number[]) => engine.variable(values, shape, { trainable: false });
  const trainable = model.specs.filter((spec) => spec.trainable);
  const slots = trainable.map(({ name, shape }) => {
    const zeros = () => constant(new Float32Array(valuesOf(model.weights, name).length), shape);
    return [name, { m: zeros(), v: zeros() }] as const;
  });
  const rows = data.videos.length;
  return {
    parameters: weightVariables(engine, model),
    trainable: trainable.map(({ name }) => name),
    slots: Object.fromEntries(slots),
    features: engine.variable(data.features, [rows, model.inputDim], { trainable: false, lend: true }),
    ctrTargets: constant(data.ctrTargets, [rows]),
    auxiliaryTargets: constant(data.auxiliaryTargets, [rows, data.auxiliaryTargets.length / rows]),
  };
}

/** Values of named variables. */
export async function readVariables(engine: Engine, variables: Record<string, tf.Variable>): Promise<Weights> {
  const named = Object.entries(variables);
  const values = await engine.read(named.map(([, variable]) => variable));
  const entries = named.map(([name, { shape }], index) => [name, { shape, values: values[index] as Float32Array }]);
  return Object.fromEntries(entries);
}

/** Gives variables the values of the same names. */
export function writeVariables(engine: Engine, variables: Record<string, tf.Variable>, weights: Weights): void {
  for (const [name, variable] of Object.entries(variables)) engine.write(variable, valuesOf(weights, name));
}

/** Frees what `trainingVariables` made. */
export function disposeVariables({ parameters, slots, features, ctrTargets, auxiliaryTargets }: TrainingVariables) {
  const moments = Object.values(slots).flatMap(({ m, v }) => [m, v]);
  for (const variable of [...Object.values(parameters), ...moments, features, ctrTargets, auxiliaryTargets])
    variable.dispose();
}

function valuesOf(weights: Weights, name: string): Float32Array {
  const found = weights[name];
  if (found === undefined) throw new RangeError(`there is no weight named ${name}`);
  return found.values;
}
