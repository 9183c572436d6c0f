import * as tf from "@tensorflow/tfjs";
import { type Case, integers, of, one } from "./case";

export const creations: Case[] = [
  one("fill", [of(2)], (x) => tf.add(x as tf.Tensor, tf.fill([3, 2], 1.5))),
  one("zerosLike", [of(2, 3)], (x) => tf.add(x as tf.Tensor, tf.zerosLike(x as tf.Tensor))),
  one("onesLike", [of(2, 3)], (x) => tf.mul(x as tf.Tensor, tf.onesLike(x as tf.Tensor))),
  one("range", [of(4)], (x) => tf.add(x as tf.Tensor, tf.range(1, 9, 2))),
  one("range downwards", [of(4)], (x) => tf.add(x as tf.Tensor, tf.range(9, 1, -2))),
  one("range of integers", [integers(4)], (x) => tf.add(x as tf.Tensor, tf.range(1, 9, 2, "int32"))),
  one("linspace", [of(5)], (x) => tf.mul(x as tf.Tensor, tf.linspace(0, 1, 5))),
  one("oneHot", [integers(4)], (i) => tf.oneHot(i as tf.Tensor1D, 3, 0.9, 0.1), { gradient: false }),
  one("eye", [of(3, 3)], (x) => tf.matMul(x as tf.Tensor, tf.eye(3))),
];
