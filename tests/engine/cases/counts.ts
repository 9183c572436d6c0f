import * as tf from "@tensorflow/tfjs";
import { type Case, integers, of, one } from "./case";

export const counts: Case[] = [
  one("bincount", [integers(9), of(9)], (x, w) => tf.bincount(x as tf.Tensor1D, w as tf.Tensor1D, 4), {
    gradient: false,
  }),
  one("denseBincount", [integers(3, 5)], (x) => tf.denseBincount(x as tf.Tensor2D, [], 4, true), {
    gradient: false,
  }),
  one(
    "searchSorted",
    [of(2, 4)],
    (x) => [
      tf.lowerBound(
        tf.tensor2d([
          [-1, 0, 1],
          [-2, 0.5, 1],
        ]),
        x as tf.Tensor,
      ),
      tf.upperBound([-1, 0, 1], [0, 1]),
    ],
    { gradient: false },
  ),
  one("bitwiseAnd", [integers(5), integers(5)], (a, b) => tf.bitwiseAnd(a as tf.Tensor, b as tf.Tensor), { below: 99 }),
  one("diag", [of(3)], (x) => tf.diag(x as tf.Tensor), { gradient: false }),
  one(
    "sparseToDense",
    [of(3)],
    (x) => tf.sparseToDense(tf.tensor1d([0, 2, 3], "int32"), x as tf.Tensor1D, [5], tf.scalar(0.5)),
    { gradient: false },
  ),
];
