import { FLOAT16, FLOAT32 } from "../native/data-type";
import type { Output } from "../native/signatures";
import type { KernelCall } from "./call";

type Product = (factors: Output[]) => Output;

/** Values rounded so far: a weight is rounded once for the forward pass and its gradients. */
const roundings = new WeakMap<Output, Output>();

/**
 * A product in the engine's precision: float32 factors are rounded to its type, and the result is float32 again at
 * once, because element-wise operations on half the bits are slower on a CPU, not faster.
 */
export function inPrecision(call: KernelCall, factors: Output[], product: Product): Output {
  const { graph } = call;
  const areFloats = factors.every((factor) => graph.typeOf(factor) === FLOAT32);
  if (graph.productType === FLOAT32 || !areFloats) return product(factors);
  return call.float(product(factors.map((factor) => rounded(call, factor))));
}

/**
 * Like inPrecision, except for float16: some of TensorFlow's CPU product kernels sum it in float16, which loses terms.
 */
export function inPrecisionButHalf(call: KernelCall, factors: Output[], product: Product): Output {
  return call.graph.productType === FLOAT16 ? product(factors) : inPrecision(call, factors, product);
}

function rounded(call: KernelCall, factor: Output): Output {
  const known = roundings.get(factor) ?? call.cast(factor, call.graph.productType);
  roundings.set(factor, known);
  return known;
}
