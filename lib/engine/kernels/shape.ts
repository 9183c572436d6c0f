import * as tf from "@tensorflow/tfjs";
import { BOOL, typeCode } from "../native/data-type";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** Does nothing if the shape stays the same: gradients of biases often ask for that. */
function reshape(call: KernelCall): Output {
  const before = call.shape("x");
  const after = tf.util.inferFromImplicitShape(call.numbers("shape"), tf.util.sizeFromShape(before));
  if (tf.util.arraysEqual(before, after)) return call.input("x");
  return call.op("Reshape", [call.input("x"), call.graph.integers(after)]);
}

/** Casts to bool by comparing with zero, as tfjs does; TensorFlow agrees on the other types. */
function cast(call: KernelCall): Output {
  const type = typeCode(call.attribute<string>("dtype"));
  const x = call.input("x");
  if (type === BOOL && call.tensor("x").dtype !== "bool") return call.op("NotEqual", [x, call.like("x", 0)]);
  return call.cast(x, type);
}

/** Splits a tensor along an axis. */
function split(call: KernelCall): Output[] {
  const axis = tf.util.parseAxisParam(call.number("axis"), call.shape("x"))[0]!;
  const parts = call.attribute<number | number[]>("numOrSizeSplits");
  const { graph } = call;
  const sizes = tf.backend_util.prepareSplitSize({ shape: call.shape("x") } as tf.Tensor, parts, axis);
  const first = call.op("SplitV", [call.input("x"), graph.integers(sizes), graph.integer(axis)], {
    num_split: sizes.length,
  });
  return sizes.map((_, index) => ({ oper: first.oper, index }));
}

function unpack(call: KernelCall): Output[] {
  const axis = tf.util.parseAxisParam(call.number("axis"), call.shape("value"))[0]!;
  const num = call.shape("value")[axis]!;
  const first = call.op("Unpack", [call.input("value")], { num, axis });
  return Array.from({ length: num }, (_, index) => ({ oper: first.oper, index }));
}

function pad(call: KernelCall): Output {
  return call.op("PadV2", [call.input("x"), paddings(call), call.like("x", call.number("constantValue"))]);
}

function paddings(call: KernelCall): Output {
  return call.graph.pairs(call.attribute<[number, number][]>("paddings"));
}

function reverse(call: KernelCall): Output {
  const axes = tf.util.parseAxisParam(call.attribute<number | number[]>("dims"), call.shape("x"));
  return call.op("ReverseV2", [call.input("x"), call.graph.integers(axes)]);
}

function diagonal(call: KernelCall): Output {
  const x = call.input("x");
  const dtype = call.tensor("x").dtype;
  return call.cast(call.op("Diag", [dtype === "bool" ? call.integer(x) : x]), typeCode(dtype));
}

/** Kernels that rearrange elements. */
export const shape: KernelTable = {
  Cast: cast,
  Concat: (call) => call.op("ConcatV2", [call.inputs(), call.graph.integer(call.number("axis"))]),
  Diag: diagonal,
  ExpandDims: (call) => call.op("ExpandDims", [call.input("input"), call.graph.integer(call.number("dim"))]),
  Identity: (call) => call.input("x"),
  MirrorPad: (call) =>
    call.op("MirrorPad", [call.input("x"), paddings(call)], { mode: call.attribute<string>("mode").toUpperCase() }),
  Pack: (call) => call.op("Pack", [call.inputs()], { axis: call.number("axis") }),
  PadV2: pad,
  Reshape: reshape,
  Reverse: reverse,
  SplitV: split,
  Tile: (call) => call.op("Tile", [call.input("x"), call.graph.integers(call.numbers("reps"))]),
  Transpose: (call) => call.op("Transpose", [call.input("x"), call.graph.integers(call.numbers("perm"))]),
  Unpack: unpack,
};
