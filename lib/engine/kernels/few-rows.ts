import type { Output } from "../native/signatures";
import type { KernelCall } from "./call";

/**
 * Row counts, and least size of the other factor, for which `productOfFewRows` was measured to be faster
 * (docs/PERFORMANCE.md).
 */
const LEAST_ROWS = 16;
const MOST_ROWS = 48;
const LEAST_NUMBERS = 65_536;

/** Tensors transposed so far: the first layers of several heads share their input. */
const transposes = new WeakMap<Output, Output>();

/** Whether `productOfFewRows` computes a product x W^T faster. */
export function hasFewRows(call: KernelCall): boolean {
  const [rows = 0] = call.shape("a");
  const [columns = 0, inner = 0] = call.shape("b");
  if (!call.graph.turnsFewRows || call.boolean("transposeA") || !call.boolean("transposeB")) return false;
  return rows >= LEAST_ROWS && rows <= MOST_ROWS && columns * inner >= LEAST_NUMBERS;
}

/**
 * Computes x W^T as (W x^T)^T. A processor's matrix product must rearrange W for the first and uses it unchanged for
 * the second: if x has few rows, the second takes up to a third less time, transposes included.
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
