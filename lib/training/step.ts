import * as tf from "@tensorflow/tfjs";
import type { TrainingOptions } from "../config";
import { applyAdamW, type Compiled, type Engine } from "../engine";
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
 * Compiles the whole training step for one batch size: gather, mixup, forward pass, losses, gradients, clipping,
 * AdamW and BatchNorm statistics.
 * @param size pairs of a batch
 */
export function compileStep(setting: StepSetting, size: number): Compiled {
  const step = (...inputs: tf.Tensor[]) => {
    const [rows, partners, pairWeights, lambda, dropoutSeed, hyper] = inputs;
    const fed = { rows, partners, pairWeights, lambda, dropoutSeed } as Fed;
    const { losses, gradients } = lossesAndGradients(setting, fed);
    const { clipped, norm } = clipByGlobalNorm(gradients, setting.options.maxGradientNorm);
    update(setting.variables, clipped, hyper as tf.Tensor1D);
    return [losses, norm];
  };
  return setting.engine.jit(
    step,
    { shape: [2 * size], dtype: "int32" },
    { shape: [2 * size], dtype: "int32" },
    { shape: [size] },
    { shape: [] },
    { shape: [], dtype: "int32" },
    { shape: [4] },
  );
}

/**
 * Runs a compiled step.
 * @param globalStep steps done before this one
 */
export async function runStep(
  compiled: Compiled,
  batch: Batch,
  options: TrainingOptions,
  globalStep: number,
): Promise<StepValues> {
  return valuesOf(await compiled(...feed(batch), hyperparameters(options, globalStep + 1)));
}

/** The same without leaving this turn of the event loop. */
export function runStepNow(compiled: Compiled, batch: Batch, options: TrainingOptions, globalStep: number): StepValues {
  return valuesOf(compiled.sync(...feed(batch), hyperparameters(options, globalStep + 1)));
}

function valuesOf(results: Float32Array[]): StepValues {
  const [pair, ctr, auxiliary, gradNorm] = results.flatMap((result) => [...result]) as [number, number, number, number];
  return { pair, ctr, auxiliary, total: pair + ctr + auxiliary, gradNorm };
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

/** A batch as the compiled step takes it, without what AdamW is fed. */
export function feed({ rows, partners, pairWeights, lambda, dropoutSeed }: Batch): (Float32Array | Int32Array)[] {
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
