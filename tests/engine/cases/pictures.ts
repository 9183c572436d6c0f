import * as tf from "@tensorflow/tfjs";
import { type Case, of, one } from "./case";

const picture = of(2, 5, 4, 3);

/** tfjs's gradients of resizing swap height and width. */
const square = of(2, 5, 5, 3);

/** tfjs's CPU backend transforms the first picture alone, and takes the first one's gradient of nearest neighbours. */
const single = of(1, 5, 5, 3);

const BOXES = [
  [0, 0, 0.8, 1],
  [0.2, 0.1, 1, 0.7],
];

export const pictures: Case[] = [
  one("resizeBilinear", [square], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 3])),
  one("resizeBilinear, aligned", [square], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [3, 8], true)),
  one("resizeBilinear, half pixels", [picture], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 3], false, true), {
    gradient: false,
  }),
  one("resizeNearestNeighbor", [single], (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [10, 8])),
  one("flipLeftRight", [picture], (x) => tf.image.flipLeftRight(x as tf.Tensor4D), { gradient: false }),
  one(
    "cropAndResize",
    [picture],
    (x) => tf.image.cropAndResize(x as tf.Tensor4D, BOXES, tf.tensor1d([1, 0], "int32"), [3, 3]),
    { gradient: false },
  ),
  one(
    "transform",
    [single],
    (x) => tf.image.transform(x as tf.Tensor4D, tf.tensor2d([[1, 0.2, -1, 0, 1, 1, 0, 0]]), "bilinear"),
    { gradient: false },
  ),
  one("batchToSpaceND", [of(8, 2, 3, 1)], (x) =>
    tf.batchToSpaceND(
      x as tf.Tensor4D,
      [2, 2],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  ),
  one("spaceToBatchND", [of(2, 3, 4, 1)], (x) =>
    tf.spaceToBatchND(
      x as tf.Tensor4D,
      [2, 2],
      [
        [1, 0],
        [0, 0],
      ],
    ),
  ),
  one("depthToSpace", [of(1, 2, 3, 8)], (x) => tf.depthToSpace(x as tf.Tensor4D, 2), { gradient: false }),
  one("localResponseNormalization", [of(2, 3, 3, 8)], (x) =>
    tf.localResponseNormalization(x as tf.Tensor4D, 2, 1, 0.5, 0.75),
  ),
];
