import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { asGiven, channelsLast } from "./layout";

function depthToSpace(call: KernelCall): Output {
  const x = channelsLast(call, call.input("x"));
  return asGiven(call, call.op("DepthToSpace", [x], { block_size: call.number("blockSize") }));
}

const block = (call: KernelCall) => call.graph.integers(call.numbers("blockShape"));
const pairs = (call: KernelCall, name: string) => call.graph.pairs(call.attribute<[number, number][]>(name));

/** Blocks of a picture as other pictures or channels, and back. */
export const blocks: KernelTable = {
  BatchToSpaceND: (call) => call.op("BatchToSpaceND", [call.input("x"), block(call), pairs(call, "crops")]),
  DepthToSpace: depthToSpace,
  SpaceToBatchND: (call) => call.op("SpaceToBatchND", [call.input("x"), block(call), pairs(call, "paddings")]),
};
