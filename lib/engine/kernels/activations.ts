import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** Names shared with TensorFlow. */
const ACTIVATIONS = ["Elu", "Relu", "Relu6", "Selu", "Sigmoid", "Softplus", "Tanh"];

/** x where it is positive, else x times the slope. */
function leaky(call: KernelCall, slope: Output): Output {
  const x = call.float(call.input("x"));
  return call.op("SelectV2", [call.op("Greater", [x, call.graph.float(0)]), x, call.op("Mul", [x, slope])]);
}

/** Activations, their gradients in one operation (gradients.ts calls those), and softmax over the last axis. */
export const activations: KernelTable = {
  ...Object.fromEntries(ACTIVATIONS.map((name) => [name, (call) => call.op(name, [call.float(call.input("x"))])])),
  EluGrad: (call) => call.op("EluGrad", [call.input("dy"), call.input("y")]),
  LeakyRelu: (call) => leaky(call, call.graph.float(call.number("alpha"))),
  Prelu: (call) => leaky(call, call.input("alpha")),
  ReluGrad: (call) => call.op("ReluGrad", [call.input("dy"), call.input("y")]),
  SigmoidGrad: (call) => call.op("SigmoidGrad", [call.input("y"), call.input("dy")]),
  Softmax: (call) => call.op("Softmax", [call.float(call.input("logits"))]),
  TanhGrad: (call) => call.op("TanhGrad", [call.input("y"), call.input("dy")]),
};
