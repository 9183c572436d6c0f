import type { Output } from "../native/signatures";
import type { KernelCall } from "./call";

/** Squares recorded so far, and what they are the squares of. */
const roots = new WeakMap<Output, Output>();

export function square(call: KernelCall): Output {
  const x = call.input("x");
  const squared = call.op("Square", [x]);
  if (call.tensor("x").dtype === "float32") roots.set(squared, x);
  return squared;
}

/** The sum of squares without storing the squares, as twice L2Loss; undefined if x is not a recorded square. */
export function sumOfSquares(call: KernelCall, x: Output): Output | undefined {
  const root = roots.get(x);
  return root && call.op("Mul", [call.op("L2Loss", [root]), call.graph.float(2)]);
}
