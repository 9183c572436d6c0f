import * as tf from "@tensorflow/tfjs";
import { bool, type Case, of, one } from "./case";

export const shapes: Case[] = [
  one("reshape", [of(2, 6)], (x) => tf.reshape(x as tf.Tensor, [3, -1])),
  one("transpose", [of(2, 3, 4)], (x) => tf.transpose(x as tf.Tensor, [2, 0, 1])),
  one("transpose of rank 6", [of(1, 3, 2, 2, 2, 2)], (x) => tf.transpose(x as tf.Tensor, [0, 2, 4, 1, 3, 5])),
  one("expandDims", [of(2, 3)], (x) => tf.expandDims(x as tf.Tensor, -1)),
  one("cast to int32", [of(6)], (x) => tf.cast(x as tf.Tensor, "int32"), { gradient: false }),
  one("cast to bool", [of(6)], (x) => tf.cast(tf.round(x as tf.Tensor), "bool"), { gradient: false }),
  one("cast of bool", [of(6)], (x) => tf.cast(bool(x as tf.Tensor), "float32"), { gradient: false }),
  one("concat", [of(2, 3), of(2, 1)], (a, b) => tf.concat([a as tf.Tensor, b as tf.Tensor], 1)),
  one("concat of rows", [of(2, 3), of(1, 3)], (a, b) => tf.concat([a as tf.Tensor, b as tf.Tensor], 0)),
  one("stack", [of(2, 3), of(2, 3)], (a, b) => tf.stack([a as tf.Tensor, b as tf.Tensor], 1)),
  one("unstack", [of(2, 3)], (x) => tf.unstack(x as tf.Tensor, 1)),
  one("split", [of(4, 6)], (x) => tf.split(x as tf.Tensor, 3, 1)),
  one("split by sizes", [of(4, 6)], (x) => tf.split(x as tf.Tensor, [1, -1, 2], 1)),
  one("tile", [of(2, 3)], (x) => tf.tile(x as tf.Tensor, [2, 3])),
  one("broadcastTo", [of(1, 3)], (x) => tf.broadcastTo(x as tf.Tensor, [4, 3])),
  one("pad", [of(2, 3)], (x) =>
    tf.pad(
      x as tf.Tensor,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  ),
  one(
    "mirrorPad",
    [of(3, 4)],
    (x) =>
      tf.mirrorPad(
        x as tf.Tensor,
        [
          [1, 1],
          [2, 0],
        ],
        "reflect",
      ),
    { gradient: false },
  ),
  one("reverse", [of(3, 4)], (x) => tf.reverse(x as tf.Tensor, 1)),
  one("reverse of all", [of(3, 4)], (x) => tf.reverse(x as tf.Tensor)),
  one("clone", [of(3, 4)], (x) => tf.clone(x as tf.Tensor)),
];
