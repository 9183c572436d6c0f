import * as tf from "@tensorflow/tfjs";
import { type Case, integers, of, one } from "./case";

export const selections: Case[] = [
  one("gather", [of(3, 4), integers(6)], (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor1D)),
  one("gather of columns", [of(4, 3), integers(5)], (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor1D, 1)),
  one("gather by a matrix", [of(3, 2), integers(2, 2)], (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor1D)),
  one("gatherND", [of(3, 3), integers(4, 2)], (x, i) => tf.gatherND(x as tf.Tensor, i as tf.Tensor), {
    gradient: false,
  }),
  one("scatterND", [of(4, 2), integers(4, 1)], (x, i) => tf.scatterND(i as tf.Tensor, x as tf.Tensor, [3, 2]), {
    gradient: false,
  }),
  one(
    "tensorScatterUpdate",
    [of(3, 2), integers(1, 1), of(1, 2)],
    (x, i, u) => tf.tensorScatterUpdate(x as tf.Tensor, i as tf.Tensor, u as tf.Tensor),
    { gradient: false },
  ),
  one("slice", [of(4, 5)], (x) => tf.slice(x as tf.Tensor, [1, 2], [2, -1])),
  one("slice of rows", [of(4, 5)], (x) => tf.slice(x as tf.Tensor, 2)),
  one("stridedSlice", [of(5, 6)], (x) => tf.stridedSlice(x as tf.Tensor, [0, 1], [5, 6], [2, 2]), { gradient: false }),
  one("topk", [of(3, 6)], (x) => Object.values(tf.topk(x as tf.Tensor, 2)) as tf.Tensor[], { gradient: false }),
  one("unsortedSegmentSum", [of(5, 2), integers(5)], (x, i) =>
    tf.unsortedSegmentSum(x as tf.Tensor, i as tf.Tensor1D, 3),
  ),
];
