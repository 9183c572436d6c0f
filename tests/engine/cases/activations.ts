import * as tf from "@tensorflow/tfjs";
import { type Case, of, one, unary } from "./case";

export const activations: Case[] = [
  ...unary({
    relu: tf.relu,
    relu6: (x) => tf.relu6(tf.mul(x, 4)),
    elu: tf.elu,
    selu: tf.selu,
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    softplus: tf.softplus,
    leakyRelu: (x) => tf.leakyRelu(x, 0.3),
    logSigmoid: tf.logSigmoid,
  }),
  one("prelu", [of(3, 4), of(4)], (x, a) => tf.prelu(x as tf.Tensor, a as tf.Tensor)),
  one("softmax", [of(3, 5)], (x) => tf.softmax(x as tf.Tensor)),
  one("logSoftmax", [of(3, 5)], (x) => tf.logSoftmax(x as tf.Tensor)),
];
