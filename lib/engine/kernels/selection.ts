import * as tf from "@tensorflow/tfjs";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

function slice(call: KernelCall): Output {
  const x = { shape: call.shape("x"), rank: call.shape("x").length } as tf.Tensor;
  const [begin, size] = tf.slice_util.parseSliceParams(x, call.numbers("begin"), call.attribute<number[]>("size"));
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

/** Rows, or whatever lies along an axis, by index. */
function gather(call: KernelCall): Output {
  const inputs = [call.input("x"), call.input("indices"), call.graph.integer(call.number("axis"))];
  return call.op("GatherV2", inputs, { batch_dims: call.number("batchDims") ?? 0 });
}

/** Gradient of gather: rows are added up by their segment. */
function segmentSum(call: KernelCall): Output {
  const inputs = [call.input("x"), call.input("segmentIds"), call.graph.integer(call.number("numSegments"))];
  return call.op("UnsortedSegmentSum", inputs);
}

function topK(call: KernelCall): Output[] {
  const k = call.graph.integer(call.number("k"));
  const first = call.op("TopKV2", [call.input("x"), k], { sorted: call.boolean("sorted") });
  return [first, { oper: first.oper, index: 1 }];
}

/** Some of the elements, by place, and back again. */
export const selection: KernelTable = {
  GatherNd: (call) => call.op("GatherNd", [call.input("params"), call.input("indices")]),
  GatherV2: gather,
  ScatterNd: (call) =>
    call.op("ScatterNd", [call.input("indices"), call.input("updates"), call.graph.integers(call.numbers("shape"))]),
  Slice: slice,
  StridedSlice: stridedSlice,
  TensorScatterUpdate: (call) =>
    call.op("TensorScatterUpdate", [call.input("tensor"), call.input("indices"), call.input("updates")]),
  TopK: topK,
  UnsortedSegmentSum: segmentSum,
};
