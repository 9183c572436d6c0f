import * as tf from "@tensorflow/tfjs";

/** Weights as tensors or engine variables, by name. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/** `torch.nn.BatchNorm1d`'s defaults. */
export const BATCHNORM_EPSILON = 1e-5;
const BATCHNORM_MOMENTUM = 0.1;

/** Looks up a tensor by name. */
export function parameter(parameters: Parameters, name: string): tf.Tensor {
  const found = parameters[name];
  if (found === undefined) throw new RangeError(`the model has no weight named ${name}`);
  return found;
}

/**
 * x W^T + b, as `torch.nn.Linear`.
 * @param x [rows, inputs]
 * @returns [rows, outputs]
 */
export function linear(parameters: Parameters, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const weight = parameter(parameters, `${name}.weight`) as tf.Tensor2D;
  return tf.add(tf.matMul(x, weight, false, true), parameter(parameters, `${name}.bias`));
}

/**
 * Batch normalisation with the statistics of the batch, as `torch.nn.BatchNorm1d` in training mode: biased variance
 * normalises, unbiased variance goes into the running statistics. `running_mean` and `running_var` must be variables;
 * they are assigned new values.
 * @param x [rows, width], at least 2 rows
 * @param momentum weight of this batch in the running statistics, a number or a scalar that is fed
 */
export function batchNormOfBatch(
  parameters: Parameters,
  name: string,
  x: tf.Tensor2D,
  momentum: number | tf.Scalar = BATCHNORM_MOMENTUM,
): tf.Tensor2D {
  const mean = tf.mean(x, 0);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), 0);
  const rows = x.shape[0];
  follow(parameters, `${name}.running_mean`, mean, momentum);
  follow(parameters, `${name}.running_var`, tf.mul(variance, rows / (rows - 1)), momentum);
  return scaleAndShift(parameters, name, centred, variance);
}

/**
 * Batch normalisation with the running statistics, as `torch.nn.BatchNorm1d` in evaluation mode.
 * @param x [rows, width]
 */
export function batchNormOfRunning(parameters: Parameters, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub<tf.Tensor2D>(x, parameter(parameters, `${name}.running_mean`));
  return scaleAndShift(parameters, name, centred, parameter(parameters, `${name}.running_var`));
}

function scaleAndShift(parameters: Parameters, name: string, centred: tf.Tensor, variance: tf.Tensor): tf.Tensor2D {
  const scale = tf.mul(parameter(parameters, `${name}.weight`), tf.rsqrt(tf.add(variance, BATCHNORM_EPSILON)));
  return tf.add(tf.mul(centred, scale), parameter(parameters, `${name}.bias`));
}

function follow(parameters: Parameters, name: string, observed: tf.Tensor, momentum: number | tf.Scalar): void {
  const running = parameter(parameters, name);
  if (!(running instanceof tf.Variable)) throw new TypeError(`${name} must be a variable to follow the data`);
  running.assign(tf.add(tf.mul(running, tf.sub(1, momentum)), tf.mul(observed, momentum)));
}
