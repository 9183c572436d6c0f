import * as tf from "@tensorflow/tfjs";
import { bool, type Case, integers, of, one } from "./case";

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const reduction = (name: string, run: Reduction, more: Partial<Case> = {}): Case[] => [
  one(`${name} of all`, [of(2, 3, 4)], (x) => run(x as tf.Tensor), more),
  one(`${name} of an axis`, [of(2, 3, 4)], (x) => run(x as tf.Tensor, 1), more),
  one(`${name} of the last axis`, [of(2, 3, 4)], (x) => run(x as tf.Tensor, -1, true), more),
  one(`${name} of two axes`, [of(2, 3, 4)], (x) => run(x as tf.Tensor, [0, 2], true), more),
];

export const reductions: Case[] = [
  ...reduction("sum", tf.sum),
  ...reduction("mean", tf.mean),
  ...reduction("max", tf.max),
  ...reduction("min", tf.min),
  ...reduction("prod", tf.prod, { gradient: false }),
  ...reduction("all", (x, axis, keep) => tf.all(bool(x), axis, keep), { gradient: false }),
  ...reduction("any", (x, axis, keep) => tf.any(bool(x), axis, keep), { gradient: false }),
  ...reduction("norm", (x, axis, keep) => tf.norm(x, "euclidean", axis, keep)),
  ...reduction("logSumExp", tf.logSumExp),
  one("mean of integers", [integers(4)], (x) => tf.mean(x as tf.Tensor)),
  one("argMax", [of(3, 4)], (x) => tf.argMax(x as tf.Tensor, 1), { gradient: false }),
  one("argMin", [of(3, 4)], (x) => tf.argMin(x as tf.Tensor, 0), { gradient: false }),
  one("cumsum", [of(3, 4)], (x) => tf.cumsum(x as tf.Tensor, 1, true)),
  one("cumsum reversed", [of(3, 4)], (x) => tf.cumsum(x as tf.Tensor, 1, false, true)),
  one("cumprod", [of(3, 4)], (x) => tf.cumprod(x as tf.Tensor, 1), { gradient: false }),
  one("moments", [of(6, 4)], (x) => Object.values(tf.moments(x as tf.Tensor, 0)) as tf.Tensor[]),
];
