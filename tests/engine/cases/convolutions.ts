import * as tf from "@tensorflow/tfjs";
import { type Case, of, one } from "./case";

const picture = of(2, 6, 7, 3);
const filter = of(3, 2, 3, 4);
const volume = of(1, 4, 5, 4, 2);

type Pad = "same" | "valid" | number;
type ExplicitPad = [[number, number], [number, number], [number, number], [number, number]];

const EXPLICIT: ExplicitPad = [
  [0, 0],
  [1, 0],
  [2, 1],
  [0, 0],
];

const conv2d = (strides: number | [number, number], pad: Pad | ExplicitPad, dilations = 1): Case["run"] => {
  return (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations);
};

const first = (x?: tf.Tensor) => tf.transpose(x as tf.Tensor4D, [0, 3, 1, 2]);

export const convolutions: Case[] = [
  one("conv2d valid", [picture, filter], conv2d(1, "valid")),
  one("conv2d same, strides", [picture, filter], conv2d([2, 1], "same")),
  one("conv2d padded by a number", [picture, filter], conv2d(2, 1)),
  one("conv2d padded at each side", [picture, filter], conv2d(1, EXPLICIT)),
  one("conv2d dilated", [picture, filter], conv2d(1, "valid", 2), { gradient: false }),
  one("conv2d of patches", [of(2, 8, 8, 3), of(4, 4, 3, 5)], conv2d(4, "valid")),
  one(
    "conv2d, channels first",
    [picture, filter],
    (x, w) => tf.conv2d(first(x), w as tf.Tensor4D, 1, "valid", "NCHW"),
    { gradient: false },
  ),
  one("conv2dTranspose", [of(2, 3, 3, 4), filter], (x, w) =>
    tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 6, 3], 2, "same"),
  ),
  one("depthwiseConv2d", [picture, of(3, 2, 3, 2)], (x, w) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same"),
  ),
  one(
    "depthwiseConv2d dilated",
    [picture, of(3, 2, 3, 2)],
    (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same", "NHWC", 2),
    { gradient: false },
  ),
  one("fused conv2d", [picture, filter, of(4)], (x, w, bias) =>
    tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: w as tf.Tensor4D,
      strides: 1,
      pad: "same",
      bias: bias as tf.Tensor1D,
      activation: "relu",
    }),
  ),
  one("fused depthwiseConv2d", [picture, of(3, 2, 3, 2), of(6)], (x, w, bias) =>
    tf.fused.depthwiseConv2d({
      x: x as tf.Tensor4D,
      filter: w as tf.Tensor4D,
      strides: 1,
      pad: "valid",
      bias: bias as tf.Tensor1D,
      activation: "elu",
    }),
  ),
  one("conv3d", [volume, of(2, 2, 2, 2, 3)], (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, "same")),
  one("dilation2d", [picture, of(2, 2, 3)], (x, w) => tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, 1, "valid")),
];
