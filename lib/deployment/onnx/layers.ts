import { BATCHNORM_EPSILON } from "../../model";
import { ATTRIBUTE_TYPE, type Attribute, type Node } from "./schema";

/** Creates one operation between two named values. */
export type Layer = (input: string, output: string) => Node;

/** x W^T + b with the weights of this name (`torch.nn.Linear`). */
export function linear(name: string): Layer {
  return (input, output) => node("Gemm", [input, `${name}.weight`, `${name}.bias`], output, [int("transB", 1)]);
}

/** x W^T with the weight of this full name. */
export function product(weight: string): Layer {
  return (input, output) => node("Gemm", [input, weight], output, [int("transB", 1)]);
}

/** Batch normalisation with the running statistics of this name. */
export function batchNorm(name: string): Layer {
  const parts = ["weight", "bias", "running_mean", "running_var"].map((part) => `${name}.${part}`);
  return (input, output) =>
    node("BatchNormalization", [input, ...parts], output, [float("epsilon", BATCHNORM_EPSILON)]);
}

/** Layer normalisation over the last axis with the weights of this name. */
export function layerNorm(name: string, epsilon: number): Layer {
  const parts = [`${name}.weight`, `${name}.bias`];
  const attributes = [int("axis", -1), float("epsilon", epsilon)];
  return (input, output) => node("LayerNormalization", [input, ...parts], output, attributes);
}

/** Products of square patches that do not overlap with the weight of this full name, [out, channels, side, side]. */
export function convolution(weight: string, side: number): Layer {
  return (input, output) => node("Conv", [input, weight], output, [ints("strides", [side, side])]);
}

/** Changes the order of axes. */
export function transpose(order: readonly number[]): Layer {
  return (input, output) => node("Transpose", [input], output, [ints("perm", order)]);
}

/** Converts to another DATA_TYPE. */
export function cast(dataType: number): Layer {
  return (input, output) => node("Cast", [input], output, [int("to", dataType)]);
}

/** The first of some rows of each sequence, [n, rows, width] to [n, width]; `index` is a scalar initializer. */
export function pick(index: string): Layer {
  return (input, output) => node("Gather", [input, index], output, [int("axis", 1)]);
}

/** An operation whose second input is an initializer. */
export function withConstant(operation: string, constant: string): Layer {
  return (input, output) => node(operation, [input, constant], output);
}

export const relu: Layer = (input, output) => node("Relu", [input], output);
export const sigmoid: Layer = (input, output) => node("Sigmoid", [input], output);
export const erf: Layer = (input, output) => node("Erf", [input], output);
/** Over the last axis. */
export const softmax: Layer = (input, output) => node("Softmax", [input], output, [int("axis", -1)]);
/** Scales rows to length 1. */
export const unit: Layer = (input, output) => node("LpNormalization", [input], output, [int("axis", -1), int("p", 2)]);

/** [batch, 1] to [batch]; `axes` is the initializer [1]. */
export const squeeze: Layer = withConstant("Squeeze", "axes");

/** Concatenates columns. */
export function concat(inputs: string[], output: string): Node {
  return node("Concat", inputs, output, [int("axis", 1)]);
}

/** Chains layers; values between them are named after the last layer's output. */
export function sequence(input: string, layers: readonly Layer[], output: string): Node[] {
  const valueAfter = (index: number) => (index === layers.length - 1 ? output : `${output}/${index}`);
  return layers.map((layer, index) => layer(index === 0 ? input : valueAfter(index - 1), valueAfter(index)));
}

/** One operation of some inputs. */
export function node(op_type: string, input: string[], output: string, attribute: Attribute[] = []): Node {
  return { op_type, name: output, input, output: [output], attribute };
}

const int = (name: string, i: number): Attribute => ({ name, type: ATTRIBUTE_TYPE.int, i });
const ints = (name: string, values: readonly number[]): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.ints,
  ints: values,
});
const float = (name: string, f: number): Attribute => ({ name, type: ATTRIBUTE_TYPE.float, f });
