import type { Attributes } from "../native/graph";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

function corners(call: KernelCall): Attributes {
  return { align_corners: call.boolean("alignCorners"), half_pixel_centers: call.boolean("halfPixelCenters") };
}

function resize(call: KernelCall, operation: string): Output {
  return call.op(operation, [call.input("images"), call.graph.integers(call.numbers("size"))], corners(call));
}

function gradientOfNearest(call: KernelCall): Output {
  const size = call.graph.integers(call.shape("images").slice(1, 3));
  return call.op("ResizeNearestNeighborGrad", [call.input("dy"), size], corners(call));
}

function crop(call: KernelCall): Output {
  const inputs = ["image", "boxes", "boxInd"].map((name) => call.input(name));
  return call.op("CropAndResize", [...inputs, call.graph.integers(call.numbers("cropSize"))], {
    method: call.attribute<string>("method"),
    extrapolation_value: { float: call.number("extrapolationValue") },
  });
}

function transform(call: KernelCall): Output {
  const shape = call.attribute<number[] | null | undefined>("outputShape") ?? call.shape("image").slice(1, 3);
  const inputs = [call.input("image"), call.input("transforms"), call.graph.integers(shape)];
  return call.op("ImageProjectiveTransformV3", [...inputs, call.graph.float(call.number("fillValue"))], {
    interpolation: call.attribute<string>("interpolation").toUpperCase(),
    fill_mode: call.attribute<string>("fillMode").toUpperCase(),
  });
}

/** Resizes, crops and transforms pictures, [batch, height, width, channels]. */
export const pictures: KernelTable = {
  CropAndResize: crop,
  FlipLeftRight: (call) => call.op("ReverseV2", [call.input("image"), call.graph.integers([2])]),
  ResizeBilinear: (call) => resize(call, "ResizeBilinear"),
  ResizeBilinearGrad: (call) =>
    call.op("ResizeBilinearGrad", [call.input("dy"), call.float(call.input("images"))], corners(call)),
  ResizeNearestNeighbor: (call) => resize(call, "ResizeNearestNeighbor"),
  ResizeNearestNeighborGrad: gradientOfNearest,
  Transform: transform,
};
