import type { Output } from "../native/signatures";
import type { KernelCall } from "./call";

/** Rows, and numbers of the other factor, for which `productOfFewRows` was measured to be faster (docs/PERFORMANCE.md). */
const LEAST_ROWS = 16;
const MOST_ROWS = 48;
const LEAST_NUMBERS = 65_536;

/** Tensors turned so far: the first layers of several heads share what they take. */
const transposes = new WeakMap<Output, Output>();

/** Whether a product x W^T is one that `productOfFewRows` computes faster. */
export function hasFewRows(call: KernelCall): boolean {
  const [rows = 0] = call.shape("a");
  const [columns = 0, inner = 0] = call.shape("b");
  if (!call.graph.turnsFewRows || call.boolean("transposeA") || !call.boolean("transposeB")) return false;
  return rows >= LEAST_ROWS && rows <= MOST_ROWS && columns * inner >= LEAST_NUMBERS;
}

/**
 * x W^T as (W x^T)^T. A processor's matrix product lays W out again for the one, and takes it as it lies for the other:
 * where x has few rows, the other takes up to a third less time, turning included.
 * @param x [rows, inner]
 * @param w [columns, inner]
 * @returns [rows, columns]
 */
export function productOfFewRows(call: KernelCall, x: Output, w: Output): Output {
  const known = transposes.get(x) ?? transpose(call, x);
  transposes.set(x, known);
  return transpose(call, call.op("MatMul", [w, known]));
}

function transpose(call: KernelCall, matrix: Output): Output {
  return call.op("Transpose", [matrix, call.graph.integers([1, 0])]);
}
