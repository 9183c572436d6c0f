import { INT32 } from "../native/data-type";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** How often each integer occurs, or the sum of its weights. */
function count(call: KernelCall, x: Output, weights: Output): Output {
  const inputs = [x, call.graph.integer(call.number("size")), weights];
  return call.op("DenseBincount", inputs, { binary_output: call.boolean("binaryOutput") });
}

function flat(call: KernelCall, name: string): Output {
  return call.op("Reshape", [call.input(name), call.graph.integers([-1])]);
}

/** Where values belong in rows that are sorted. */
function search(call: KernelCall): Output {
  const operation = call.attribute<string>("side") === "left" ? "LowerBound" : "UpperBound";
  return call.op(operation, [call.input("sortedSequence"), call.input("values")], { out_type: { type: INT32 } });
}

/** Counts and places of values. */
export const counting: KernelTable = {
  Bincount: (call) => count(call, flat(call, "x"), flat(call, "weights")),
  DenseBincount: (call) => count(call, call.input("x"), call.input("weights")),
  SearchSorted: search,
};
