import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** What a fused product may apply to its result. */
const ACTIVATIONS: Record<string, string> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  tanh: "Tanh",
};

/** Matrices, or batches of them that broadcast. */
function product(call: KernelCall): Output {
  const inputs = [call.input("a"), call.input("b")];
  const [a, b] = [call.boolean("transposeA"), call.boolean("transposeB")];
  if (call.shape("a").length === 2 && call.shape("b").length === 2)
    return call.op("MatMul", inputs, { transpose_a: a, transpose_b: b });
  return call.op("BatchMatMulV2", inputs, { adj_x: a, adj_y: b });
}

function fusedProduct(call: KernelCall): Output {
  const plain = product(call);
  const biased = call.has("bias") ? call.op("AddV2", [plain, call.input("bias")]) : plain;
  const activation = call.attribute<string>("activation");
  if (activation === "linear") return biased;
  const operation = ACTIVATIONS[activation];
  if (operation === undefined) throw new TypeError(`a product with activation ${activation} cannot be compiled`);
  return call.op(operation, [biased]);
}

/** Matrix products. */
export const matmul: KernelTable = {
  BatchMatMul: product,
  _FusedMatMul: fusedProduct,
  Einsum: (call) => call.op("Einsum", [call.inputs()], { equation: call.attribute<string>("equation") }),
};
