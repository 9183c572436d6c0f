import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** Rearranges blocks of a picture into other pictures or channels, and back. */
export const blocks: KernelTable = {
  BatchToSpaceND: (call) => call.op("BatchToSpaceND", [call.input("x"), block(call), pairs(call, "crops")]),
  DepthToSpace: depthToSpace,
  SpaceToBatchND: (call) => call.op("SpaceToBatchND", [call.input("x"), block(call), pairs(call, "paddings")]),
};

/** TensorFlow's CPU operations need channels last; tfjs also allows them right after the batch. */
export function hasChannelsFirst(call: KernelCall): boolean {
  return call.attribute<string>("dataFormat") === "NCHW";
}

/** Converts x from the call's data format to [batch, height, width, channels]. */
export function channelsLast(call: KernelCall, x: Output): Output {
  return hasChannelsFirst(call) ? call.op("Transpose", [x, call.graph.integers([0, 2, 3, 1])]) : x;
}

/** The inverse of channelsLast. */
export function asGiven(call: KernelCall, x: Output): Output {
  return hasChannelsFirst(call) ? call.op("Transpose", [x, call.graph.integers([0, 3, 1, 2])]) : x;
}

/** Reorders a shape, or a list of pads for each dimension, to channels last. */
export function toChannelsLast<Value>(call: KernelCall, list: Value[]): Value[] {
  return hasChannelsFirst(call) ? [0, 2, 3, 1].map((index) => list[index] as Value) : list;
}

function depthToSpace(call: KernelCall): Output {
  const x = channelsLast(call, call.input("x"));
  return asGiven(call, call.op("DepthToSpace", [x], { block_size: call.number("blockSize") }));
}

const block = (call: KernelCall) => call.graph.integers(call.numbers("blockShape"));
const pairs = (call: KernelCall, name: string) => call.graph.pairs(call.attribute<[number, number][]>(name));
