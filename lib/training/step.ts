import * as tf from "@tensorflow/tfjs";
import type { TrainingOptions } from "../config";
import { applyAdamW, type Engine } from "../engine";
import type { ModelOutput, Parameters, ThumbnailRankingModel } from "../model";
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

/** Tensors that a step is fed. */
export interface Fed {
  rows: tf.Tensor1D;
  partners: tf.Tensor1D;
  pairWeights: tf.Tensor1D;
  lambda: tf.Scalar;
  dropoutSeed: tf.Scalar;
  /** As `applyAdamW` takes it, [4]. */
  hyper: tf.Tensor1D;
}

/**
 * One training step in tfjs operations: gather, mixup, forward pass, losses, gradients, clipping, AdamW and BatchNorm
 * statistics.
 * @returns the three losses and the norm of the gradients before clipping, [4]
 */
export function trainingStep(setting: StepSetting, fed: Fed): tf.Tensor1D {
  const { losses, gradients } = lossesAndGradients(setting, fed);
  const { clipped, norm } = clipByGlobalNorm(gradients, setting.options.maxGradientNorm);
  update(setting.variables, clipped, fed.hyper);
  return tf.concat([losses, tf.reshape(norm, [1])]);
}

/** The three losses [3] and the gradients of their weighted sum, by the order of the trainable weights. */
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
