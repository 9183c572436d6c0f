import type { Output } from "../native/signatures";
import { leaky } from "./activations";
import type { KernelCall } from "./call";
import { hasChannelsFirst } from "./layout";

/** Activations that a fused kernel may apply to its result, each as one operation. */
const ACTIVATIONS: Record<string, string> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  tanh: "Tanh",
};

/** Adds bias and activation of a fused kernel. */
export function finish(call: KernelCall, plain: Output): Output {
  const biased = call.has("bias") ? call.op("AddV2", [plain, alongChannels(call, "bias")]) : plain;
  const activation = call.attribute<string | undefined>("activation") ?? "linear";
  const operation = ACTIVATIONS[activation];
  if (operation) return call.op(operation, [biased]);
  if (activation === "linear") return biased;
  if (activation === "prelu") return leaky(call, biased, alongChannels(call, "preluActivationWeights"));
  if (activation === "leakyrelu") return leaky(call, biased, call.graph.float(call.number("leakyreluAlpha")));
  throw new TypeError(`a fused operation with activation ${activation} cannot be compiled`);
}

/** Shapes a vector so that it runs along the channels, wherever they are. */
function alongChannels(call: KernelCall, name: string): Output {
  const [length, ...others] = call.shape(name);
  if (!hasChannelsFirst(call) || length === undefined || length === 1 || others.length > 0) return call.input(name);
  return call.op("Reshape", [call.input(name), call.graph.integers([length, 1, 1])]);
}
