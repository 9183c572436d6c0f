import type { Output } from "../native/signatures";
import type { KernelCall } from "./call";

/** Squares that were recorded, and what they are the squares of. */
const roots = new WeakMap<Output, Output>();

export function square(call: KernelCall): Output {
  const x = call.input("x");
  const squared = call.op("Square", [x]);
  if (call.tensor("x").dtype === "float32") roots.set(squared, x);
  return squared;
}

/** The sum of all of these squares without writing them down, as twice L2Loss; undefined if x are no squares. */
export function sumOfSquares(call: KernelCall, x: Output): Output | undefined {
  const root = roots.get(x);
  return root && call.op("Mul", [call.op("L2Loss", [root]), call.graph.float(2)]);
}
