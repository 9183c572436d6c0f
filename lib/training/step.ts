import * as tf from "@tensorflow/tfjs";
import { at } from "../base";
import type { TrainingOptions } from "../config";
import { applyAdamW, type Engine } from "../engine";
import type { ModelOutput, Parameters, ThumbnailRankingModel } from "../model";
import { mix } from "./batches";
import { computeLosses, lossWeights } from "./losses";
import type { TrainedTower } from "./tower";
import { type TrainingVariables, withImageVectors } from "./variables";

/** What is needed once, when a step is compiled. */
export interface StepSetting {
  engine: Engine;
  model: ThumbnailRankingModel;
  variables: TrainingVariables;
  options: TrainingOptions;
  /** The vision tower that is trained with the heads, if any. */
  tower?: TrainedTower | undefined;
}

/** Tensors fed to a step. */
export interface Fed {
  rows: tf.Tensor1D;
  partners: tf.Tensor1D;
  pairWeights: tf.Tensor1D;
  lambda: tf.Scalar;
  dropoutSeed: tf.Scalar;
  /** What the tower makes the rows' image vectors of, [rows, ...inputShape]; only while it is trained. */
  pictures?: tf.Tensor;
  /** A row for each group of weights with the layout of `applyAdamW`, [groups, 4]; of a single group [4]. */
  hyper: tf.Tensor;
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
  const mixed = (rows: tf.Tensor) => mix(rows, fed.partners, fed.lambda);
  const stored = tf.gather(variables.features, fed.rows) as tf.Tensor2D;
  const ctr = mixed(tf.gather(variables.ctrTargets, fed.rows)) as tf.Tensor1D;
  const auxiliary = mixed(tf.gather(variables.auxiliaryTargets, fed.rows)) as tf.Tensor2D;
  // The gradient in the direction of the loss weights is that of the weighted sum, and the value of each term is
  // returned.
  const lossesAt = tf.valueAndGrads(() => {
    const x = mixed(withTower(setting, stored, fed.pictures)) as tf.Tensor2D;
    const output = forwardInTraining(setting, variables.parameters, x, fed.dropoutSeed);
    return computeLosses(output, { ctr, auxiliary, pairWeights: fed.pairWeights }, options);
  });
  const { value, grads } = lossesAt(trainable, tf.tensor1d(lossWeights(options)));
  return { losses: value, gradients: grads };
}

/** Rows of features with the image vectors that the trained tower makes of pictures. @param rows [n, inputDim] */
function withTower({ tower, model, variables }: StepSetting, rows: tf.Tensor2D, pictures?: tf.Tensor): tf.Tensor2D {
  if (tower === undefined || pictures === undefined) return rows;
  const trained = model.towerNames.map((name) => [name, variables.parameters[name] as tf.Variable]);
  return withImageVectors(rows, tower.embed(Object.fromEntries(trained), pictures));
}

function forwardInTraining(
  { model, options }: StepSetting,
  parameters: Parameters,
  x: tf.Tensor2D,
  seed: tf.Scalar,
): ModelOutput {
  return model.forward(parameters, x, { training: true, seed, dropoutScale: options.dropoutScale });
}

function update(
  { parameters, trainable, slots, groups }: TrainingVariables,
  gradients: tf.Tensor[],
  hyper: tf.Tensor,
): void {
  const rows = groups.list.length === 1 ? [hyper] : tf.unstack(hyper);
  trainable.forEach((name, index) => {
    const variable = parameters[name];
    const slot = slots[name];
    const gradient = gradients[index];
    if (variable && slot && gradient) applyAdamW(variable, slot, gradient, at(rows, at(groups.ofWeights, index)));
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
