import * as tf from "@tensorflow/tfjs";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { finish } from "./fused";

/** Matrices, or batches of them that broadcast. */
function product(call: KernelCall): Output {
  const inputs = [call.input("a"), call.input("b")];
  const [a, b] = [call.boolean("transposeA"), call.boolean("transposeB")];
  if (call.shape("a").length === 2 && call.shape("b").length === 2)
    return call.op("MatMul", inputs, { transpose_a: a, transpose_b: b });
  return call.op("BatchMatMulV2", inputs, { adj_x: a, adj_y: b });
}

/** tfjs says what does not fit. */
function einsum(call: KernelCall): Output {
  const equation = call.attribute<string>("equation");
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, call.inputs().length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, call.tensors() as tf.Tensor[]);
  return call.op("Einsum", [call.inputs()], { equation });
}

/** Matrix products. */
export const matmul: KernelTable = {
  BatchMatMul: product,
  _FusedMatMul: (call) => finish(call, product(call)),
  Einsum: einsum,
};
