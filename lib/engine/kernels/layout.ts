import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** Blocks of a picture as other pictures or channels, and back. */
export const blocks: KernelTable = {
  BatchToSpaceND: (call) => call.op("BatchToSpaceND", [call.input("x"), block(call), pairs(call, "crops")]),
  DepthToSpace: depthToSpace,
  SpaceToBatchND: (call) => call.op("SpaceToBatchND", [call.input("x"), block(call), pairs(call, "paddings")]),
};

/** TensorFlow's operations for the CPU want channels last; tfjs also has them behind the batch. */
export function hasChannelsFirst(call: KernelCall): boolean {
  return call.attribute<string>("dataFormat") === "NCHW";
}

/** [batch, height, width, channels] out of what the call's data format says. */
export function channelsLast(call: KernelCall, x: Output): Output {
  return hasChannelsFirst(call) ? call.op("Transpose", [x, call.graph.integers([0, 2, 3, 1])]) : x;
}

/** The inverse of channelsLast. */
export function asGiven(call: KernelCall, x: Output): Output {
  return hasChannelsFirst(call) ? call.op("Transpose", [x, call.graph.integers([0, 3, 1, 2])]) : x;
}

/** A shape, or a list of pads for each dimension, with channels last. */
export function toChannelsLast<Value>(call: KernelCall, list: Value[]): Value[] {
  return hasChannelsFirst(call) ? [0, 2, 3, 1].map((index) => list[index] as Value) : list;
}

function depthToSpace(call: KernelCall): Output {
  const x = channelsLast(call, call.input("x"));
  return asGiven(call, call.op("DepthToSpace", [x], { block_size: call.number("blockSize") }));
}

const block = (call: KernelCall) => call.graph.integers(call.numbers("blockShape"));
const pairs = (call: KernelCall, name: string) => call.graph.pairs(call.attribute<[number, number][]>(name));
