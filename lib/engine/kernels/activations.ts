import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable, RecordKernel } from "./call";

/** Activations with the same name in TensorFlow. */
const ACTIVATIONS = ["Elu", "Relu", "Relu6", "Selu", "Sigmoid", "Softplus", "Tanh"];

/** TensorFlow also has these for integers. */
const OF_INTEGERS = ["Relu", "Relu6"];

/** x where it is positive, else x times the slope. */
export function leaky(call: KernelCall, x: Output, slope: Output): Output {
  return call.op("SelectV2", [call.op("Greater", [x, call.graph.float(0)]), x, call.op("Mul", [x, slope])]);
}

const floats = (call: KernelCall) => call.float(call.input("x"));

const activation = (name: string): RecordKernel => {
  return (call) => call.op(name, [OF_INTEGERS.includes(name) ? call.input("x") : floats(call)]);
};

/** Activations, their one-operation gradients (called by gradients.ts), and softmax over the last axis. */
export const activations: KernelTable = {
  ...Object.fromEntries(ACTIVATIONS.map((name) => [name, activation(name)])),
  EluGrad: (call) => call.op("EluGrad", [call.input("dy"), call.input("y")]),
  LeakyRelu: (call) => leaky(call, floats(call), call.graph.float(call.number("alpha"))),
  Prelu: (call) => leaky(call, floats(call), call.input("alpha")),
  ReluGrad: (call) => call.op("ReluGrad", [call.input("dy"), call.input("y")]),
  SigmoidGrad: (call) => call.op("SigmoidGrad", [call.input("y"), call.input("dy")]),
  Softmax: (call) => call.op("Softmax", [call.float(call.input("logits"))]),
  TanhGrad: (call) => call.op("TanhGrad", [call.input("y"), call.input("dy")]),
};
