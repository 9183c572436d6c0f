import { BATCHNORM_EPSILON } from "../../model";
import { ATTRIBUTE_TYPE, type Node } from "./schema";

/** Creates one operation between two named values. */
export type Layer = (input: string, output: string) => Node;

/** x W^T + b with the weights of this name (`torch.nn.Linear`). */
export function linear(name: string): Layer {
  return (input, output) => ({
    op_type: "Gemm",
    name: output,
    input: [input, `${name}.weight`, `${name}.bias`],
    output: [output],
    attribute: [{ name: "transB", type: ATTRIBUTE_TYPE.int, i: 1 }],
  });
}

/** Batch normalisation with the running statistics of this name. */
export function batchNorm(name: string): Layer {
  const parts = ["weight", "bias", "running_mean", "running_var"].map((part) => `${name}.${part}`);
  return (input, output) => ({
    op_type: "BatchNormalization",
    name: output,
    input: [input, ...parts],
    output: [output],
    attribute: [{ name: "epsilon", type: ATTRIBUTE_TYPE.float, f: BATCHNORM_EPSILON }],
  });
}

export const relu: Layer = (input, output) => node("Relu", [input], output);
export const sigmoid: Layer = (input, output) => node("Sigmoid", [input], output);

/** [batch, 1] to [batch]; `axes` is the initializer [1]. */
export const squeeze: Layer = (input, output) => node("Squeeze", [input, "axes"], output);

/** Concatenates columns. */
export function concat(inputs: string[], output: string): Node {
  return { ...node("Concat", inputs, output), attribute: [{ name: "axis", type: ATTRIBUTE_TYPE.int, i: 1 }] };
}

/** Chains layers; values between them are named after the last layer's output. */
export function sequence(input: string, layers: Layer[], output: string): Node[] {
  const valueAfter = (index: number) => (index === layers.length - 1 ? output : `${output}/${index}`);
  return layers.map((layer, index) => layer(index === 0 ? input : valueAfter(index - 1), valueAfter(index)));
}

function node(op_type: string, input: string[], output: string): Node {
  return { op_type, name: output, input, output: [output], attribute: [] };
}
