import * as tf from "@tensorflow/tfjs";

/** Weights as tensors or engine variables, by name. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/** The tensor of a name. */
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
