import * as tf from "@tensorflow/tfjs";
import type { TrainingOptions } from "../config";
import { applyAdamW, type Compiled, type Engine, type TypedArray } from "../engine";
import type { ModelOutput, Parameters, ThumbnailRankingModel } from "../model";
import type { Batch } from "./batches";
import { clipByGlobalNorm } from "./clip";
import { LOSS_WEIGHTS, lossesOf } from "./losses";
import { mix } from "./mixup";
import type { TrainingVariables } from "./variables";

/** What a step needs to know once, when it is compiled. */
export interface StepSetting {
  engine: Engine;
  model: ThumbnailRankingModel;
  variables: TrainingVariables;
  options: TrainingOptions;
}

/** Losses of one step and the norm of its gradients before clipping. */
export interface StepValues {
  pair: number;
  ctr: number;
  auxiliary: number;
  total: number;
  gradNorm: number;
}

/** Tensors of the fed batch, in the order of `feed`. */
export interface Fed {
  rows: tf.Tensor1D;
  partners: tf.Tensor1D;
  pairWeights: tf.Tensor1D;
  lambda: tf.Scalar;
  dropoutSeed: tf.Scalar;
}

const [BETA1, BETA2] = [0.9, 0.999];

/**
 * Compiles whole training steps in a row, all in one call of the engine: gather, mixup, forward pass, losses, gradients,
 * clipping, AdamW and BatchNorm statistics. Within a call nothing waits for JavaScript, and what of a step needs no weights
 * runs while the one before still updates them; the values are those of single steps to the last bit.
 * @param size pairs of a batch
 * @param count steps of a call
 */
export function compileSteps(setting: StepSetting, size: number, count = 1): Compiled {
  const steps = (...inputs: tf.Tensor[]) => {
    const fed = inputs.map((input) => tf.unstack(input));
    const results = Array.from({ length: count }, (_, index) => {
      return oneStep(setting, fed.map((each) => each[index]) as tf.Tensor[]);
    });
    return [tf.stack(results)];
  };
  return setting.engine.jit(
    steps,
    { shape: [count, 2 * size], dtype: "int32" },
    { shape: [count, 2 * size], dtype: "int32" },
    { shape: [count, size] },
    { shape: [count] },
    { shape: [count], dtype: "int32" },
    { shape: [count, 4] },
  );
}

/** Losses and gradient norm of a step, [4]. */
function oneStep(setting: StepSetting, inputs: tf.Tensor[]): tf.Tensor1D {
  const [rows, partners, pairWeights, lambda, dropoutSeed, hyper] = inputs;
  const fed = { rows, partners, pairWeights, lambda, dropoutSeed } as Fed;
  const { losses, gradients } = lossesAndGradients(setting, fed);
  const { clipped, norm } = clipByGlobalNorm(gradients, setting.options.maxGradientNorm);
  update(setting.variables, clipped, hyper as tf.Tensor1D);
  return tf.concat([losses, tf.reshape(norm, [1])]);
}

/**
 * Runs compiled steps, one for each batch.
 * @param globalStep steps done before
 */
export async function runSteps(
  compiled: Compiled,
  batches: readonly Batch[],
  options: TrainingOptions,
  globalStep: number,
): Promise<StepValues[]> {
  const fed = batches.map((batch, index) => [...feed(batch), hyperparameters(options, globalStep + index + 1)]);
  const inputs = (fed[0] ?? []).map((_, place) => concatenated(fed.map((each) => each[place] as TypedArray)));
  const [values] = (await compiled(...inputs)) as [Float32Array];
  return batches.map((_, index) => valuesOf(values.subarray(4 * index, 4 * (index + 1))));
}

function valuesOf(values: Float32Array): StepValues {
  const [pair, ctr, auxiliary, gradNorm] = values as unknown as [number, number, number, number];
  return { pair, ctr, auxiliary, total: pair + ctr + auxiliary, gradNorm };
}

/** Arrays of one type and length, one after the other. */
function concatenated(arrays: TypedArray[]): TypedArray {
  const [first] = arrays as [TypedArray];
  const length = first.length * arrays.length;
  const whole = first instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
  for (const [index, array] of arrays.entries()) whole.set(array, index * first.length);
  return whole;
}

/** The three losses [3] and the gradients of their weighted sum, by the order of the trainable weights. */
export function lossesAndGradients(setting: StepSetting, fed: Fed): { losses: tf.Tensor1D; gradients: tf.Tensor[] } {
  const { variables, options } = setting;
  const trainable = variables.trainable.map((name) => variables.parameters[name] as tf.Variable);
  const mixed = (table: tf.Tensor) => mix(tf.gather(table, fed.rows), fed.partners, fed.lambda);
  const x = mixed(variables.features) as tf.Tensor2D;
  const ctr = mixed(variables.ctrTargets) as tf.Tensor1D;
  const auxiliary = mixed(variables.auxiliaryTargets) as tf.Tensor2D;
  // The gradient "in the direction of" the loss weights is that of the weighted sum, and all three values come back.
  const lossesAt = tf.valueAndGrads(() => {
    const output = forwardInTraining(setting, variables.parameters, x, fed.dropoutSeed);
    return lossesOf(output, { ctr, auxiliary, pairWeights: fed.pairWeights }, options);
  });
  const { value, grads } = lossesAt(trainable, tf.tensor1d(LOSS_WEIGHTS));
  return { losses: value, gradients: grads };
}

function forwardInTraining(
  { model, options }: StepSetting,
  parameters: Parameters,
  x: tf.Tensor2D,
  seed: tf.Scalar,
): ModelOutput {
  return model.forward(parameters, x, { training: true, seed, dropoutScale: options.dropoutScale });
}

function update({ parameters, trainable, slots }: TrainingVariables, gradients: tf.Tensor[], hyper: tf.Tensor1D): void {
  trainable.forEach((name, index) => {
    const [variable, slot, gradient] = [parameters[name], slots[name], gradients[index]];
    if (variable && slot && gradient) applyAdamW(variable, slot, gradient, hyper);
  });
}

/** A batch as a compiled step takes it, without what AdamW is fed. */
export function feed({ rows, partners, pairWeights, lambda, dropoutSeed }: Batch): TypedArray[] {
  return [rows, partners, pairWeights, Float32Array.of(lambda), Int32Array.of(dropoutSeed)];
}

/** What `applyAdamW` is fed at step t, counted from 1. */
export function hyperparameters({ learningRate, weightDecay }: TrainingOptions, t: number): Float32Array {
  return Float32Array.of(learningRate, weightDecay, BETA1 ** t, BETA2 ** t);
}

/** Whether all values of a step are numbers. */
export function allFinite(values: StepValues): boolean {
  return Object.values(values).every((value: number) => Number.isFinite(value));
}
