import * as tf from "@tensorflow/tfjs";
import { INT32, typeCode } from "../native/data-type";
import type { Output } from "../native/signatures";
import { recorder } from "../recorder";
import type { KernelCall, KernelTable } from "./call";

/** Counts and positions of values. */
export const counting: KernelTable = {
  Bincount: (call) => count(call, flat(call, "x"), flat(call, "weights")),
  DenseBincount: (call) => count(call, call.input("x"), call.input("weights")),
  SearchSorted: search,
};

function slice(call: KernelCall): Output {
  const x = { shape: call.shape("x"), rank: call.shape("x").length } as tf.Tensor;
  const [begin, size] = tf.slice_util.parseSliceParams(x, call.numbers("begin"), call.attribute<number[]>("size"));
  tf.slice_util.assertParamsValid(x, begin as number[], size as number[]);
  return call.op("Slice", [
    call.input("x"),
    call.graph.integers(begin as number[]),
    call.graph.integers(size as number[]),
  ]);
}

function stridedSlice(call: KernelCall): Output {
  const bounds = ["begin", "end", "strides"].map((name) => call.graph.integers(call.numbers(name)));
  return call.op("StridedSlice", [call.input("x"), ...bounds], {
    begin_mask: call.number("beginMask"),
    end_mask: call.number("endMask"),
    ellipsis_mask: call.number("ellipsisMask"),
    new_axis_mask: call.number("newAxisMask"),
    shrink_axis_mask: call.number("shrinkAxisMask"),
  });
}

/** Selects rows, or slices along another axis, by index; tfjs reports what does not fit. */
function gather(call: KernelCall): Output {
  const batchDims = call.number("batchDims") ?? 0;
  const { collectGatherOpShapeInfo } = tf.backend_util.segment_util;
  collectGatherOpShapeInfo(call.tensor("x"), call.tensor("indices"), call.number("axis"), batchDims);
  const x = recorder.storedOutputOf(call.tensor("x"));
  const gathered = call.op("GatherV2", [x, call.input("indices"), call.graph.integer(call.number("axis"))], {
    batch_dims: batchDims,
  });
  return call.cast(gathered, typeCode(call.tensor("x").dtype));
}

/** Gradient of gather: rows are summed by segment. */
function segmentSum(call: KernelCall): Output {
  const inputs = [call.input("x"), call.input("segmentIds"), call.graph.integer(call.number("numSegments"))];
  return call.op("UnsortedSegmentSum", inputs);
}

function topK(call: KernelCall): Output[] {
  const k = call.graph.integer(call.number("k"));
  const first = call.op("TopKV2", [call.input("x"), k], { sorted: call.boolean("sorted") });
  return [first, { oper: first.oper, index: 1 }];
}

/**
 * Positions as rows, each with an index for every dimension that it names; tfjs also accepts a vector that indexes only
 * the first dimension.
 */
function places(call: KernelCall, name: string): Output {
  const [length, ...others] = call.shape(name);
  if (length === undefined || others.length > 0) return call.input(name);
  return call.op("Reshape", [call.input(name), call.graph.integers([length, 1])]);
}

function scatter(call: KernelCall): Output {
  const shape = call.graph.integers(call.numbers("shape"));
  return call.op("ScatterNd", [places(call, "indices"), call.input("updates"), shape]);
}

function toDense(call: KernelCall): Output {
  const shape = call.graph.integers(call.numbers("outputShape"));
  const inputs = [call.input("sparseIndices"), shape, call.input("sparseValues"), call.input("defaultValue")];
  return call.op("SparseToDense", inputs, { validate_indices: false });
}

/** Selects elements by position, and scatters them back. */
export const selection: KernelTable = {
  GatherNd: (call) => call.op("GatherNd", [call.input("params"), call.input("indices")]),
  GatherV2: gather,
  ScatterNd: scatter,
  Slice: slice,
  SparseToDense: toDense,
  StridedSlice: stridedSlice,
  TensorScatterUpdate: (call) =>
    call.op("TensorScatterUpdate", [call.input("tensor"), call.input("indices"), call.input("updates")]),
  TopK: topK,
  UnsortedSegmentSum: segmentSum,
};

/** How often each integer occurs, or the sum of its weights. */
function count(call: KernelCall, x: Output, weights: Output): Output {
  const inputs = [x, call.graph.integer(call.number("size")), weights];
  return call.op("DenseBincount", inputs, { binary_output: call.boolean("binaryOutput") });
}

function flat(call: KernelCall, name: string): Output {
  return call.op("Reshape", [call.input(name), call.graph.integers([-1])]);
}

/** Finds where values belong in sorted rows. */
function search(call: KernelCall): Output {
  const operation = call.attribute<string>("side") === "left" ? "LowerBound" : "UpperBound";
  return call.op(operation, [call.input("sortedSequence"), call.input("values")], { out_type: { type: INT32 } });
}
