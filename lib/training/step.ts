import * as tf from "@tensorflow/tfjs";
import type { TrainingOptions } from "../config";
import { applyAdamW, type Engine } from "../engine";
import type { ModelOutput, Parameters, ThumbnailRankingModel } from "../model";
import { mix } from "./batches";
import { computeLosses, lossWeights } from "./losses";
import type { TrainingVariables } from "./variables";

/** What is needed once, when a step is compiled. */
export interface StepSetting {
  engine: Engine;
  model: ThumbnailRankingModel;
  variables: TrainingVariables;
  options: TrainingOptions;
}

/** Tensors fed to a step. */
export interface Fed {
  rows: tf.Tensor1D;
  partners: tf.Tensor1D;
  pairWeights: tf.Tensor1D;
  lambda: tf.Scalar;
  dropoutSeed: tf.Scalar;
  /** Layout as in `applyAdamW`, [4]. */
  hyper: tf.Tensor1D;
}

/**
 * One training step in tfjs operations: gather, mixup, forward pass, losses, gradients, clipping, AdamW and BatchNorm
 * statistics.
 * @returns the loss terms and the norm of the gradients before clipping, [terms + 1]
 */
export function trainingStep(setting: StepSetting, fed: Fed): tf.Tensor1D {
  const { losses, gradients } = lossesAndGradients(setting, fed);
  const { clipped, norm } = clipByGlobalNorm(gradients, setting.options.maxGradientNorm);
  update(setting.variables, clipped, fed.hyper);
  return tf.concat([losses, tf.reshape(norm, [1])]);
}

/** The loss terms [terms] and the gradients of their weighted sum, in the order of the trainable weights. */
export function lossesAndGradients(
  setting: StepSetting,
  fed: Omit<Fed, "hyper">,
): { losses: tf.Tensor1D; gradients: tf.Tensor[] } {
  const { variables, options } = setting;
  const trainable = variables.trainable.map((name) => variables.parameters[name] as tf.Variable);
  const mixed = (table: tf.Tensor) => mix(tf.gather(table, fed.rows), fed.partners, fed.lambda);
  const x = mixed(variables.features) as tf.Tensor2D;
  const ctr = mixed(variables.ctrTargets) as tf.Tensor1D;
  const auxiliary = mixed(variables.auxiliaryTargets) as tf.Tensor2D;
  // The gradient in the direction of the loss weights is that of the weighted sum, and the value of each term is
  // returned.
  const lossesAt = tf.valueAndGrads(() => {
    const output = forwardInTraining(setting, variables.parameters, x, fed.dropoutSeed);
    return computeLosses(output, { ctr, auxiliary, pairWeights: fed.pairWeights }, options);
  });
  const { value, grads } = lossesAt(trainable, tf.tensor1d(lossWeights(options)));
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
    const variable = parameters[name];
    const slot = slots[name];
    const gradient = gradients[index];
    if (variable && slot && gradient) applyAdamW(variable, slot, gradient, hyper);
  });
}

/**
 * Scales gradients down together if their global norm is above a bound: by min(1, maxNorm / (norm + 1e-6)), as
 * torch.nn.utils.clip_grad_norm_ (guide, "Gradient Clipping").
 * @returns the gradients, and their norm before clipping (scalar)
 */
export function clipByGlobalNorm(gradients: tf.Tensor[], maxNorm: number): { clipped: tf.Tensor[]; norm: tf.Scalar } {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares)) as tf.Scalar;
  const factor = tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)));
  return { clipped: gradients.map((gradient) => tf.mul(gradient, factor)), norm };
}
