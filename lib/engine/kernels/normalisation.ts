import type { Attributes } from "../native/graph";
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

function neighbours(call: KernelCall): Attributes {
  const [bias, alpha, beta] = ["bias", "alpha", "beta"].map((name) => ({ float: call.number(name) }));
  return { depth_radius: call.number("depthRadius"), bias, alpha, beta } as Attributes;
}

/** Normalisation by statistics, or by channels nearby. */
export const normalisation: KernelTable = {
  FusedBatchNorm: batchNorm,
  LRN: (call) => call.op("LRN", [call.input("x")], neighbours(call)),
  LRNGrad: (call) => call.op("LRNGrad", [call.input("dy"), call.input("x"), call.input("y")], neighbours(call)),
};
