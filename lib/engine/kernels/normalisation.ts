import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** (x - mean) / sqrt(variance + epsilon) * scale + offset, with given statistics. */
function batchNorm(call: KernelCall): Output {
  const variance = call.op("AddV2", [call.input("variance"), call.graph.float(call.number("varianceEpsilon"))]);
  const inverse = call.op("Rsqrt", [variance]);
  const factor = call.has("scale") ? call.op("Mul", [inverse, call.input("scale")]) : inverse;
  const scaled = call.op("Mul", [call.op("Sub", [call.input("x"), call.input("mean")]), factor]);
  return call.has("offset") ? call.op("AddV2", [scaled, call.input("offset")]) : scaled;
}

/** Normalisation. */
export const normalisation: KernelTable = { FusedBatchNorm: batchNorm };
