import * as tf from "@tensorflow/tfjs";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { hasFewRows, productOfFewRows } from "./few-rows";
import { finish } from "./fused";
import { inPrecision, inPrecisionButHalf } from "./product";

/** Product of matrices, or of batches of them that broadcast. */
function product(call: KernelCall): Output {
  const a = call.boolean("transposeA");
  const b = call.boolean("transposeB");
  const areMatrices = call.shape("a").length === 2 && call.shape("b").length === 2;
  const factors: [Output, Output] = [call.input("a"), call.input("b")];
  if (areMatrices && hasFewRows(call)) return productOfFewRows(call, ...factors);
  return inPrecision(call, factors, (rounded) =>
    areMatrices
      ? call.op("MatMul", rounded, { transpose_a: a, transpose_b: b })
      : call.op("BatchMatMulV2", rounded, { adj_x: a, adj_y: b }),
  );
}

/** tfjs reports what does not fit. */
function einsum(call: KernelCall): Output {
  const equation = call.attribute<string>("equation");
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, call.inputs().length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, call.tensors() as tf.Tensor[]);
  return inPrecisionButHalf(call, call.inputs(), (factors) => call.op("Einsum", [factors], { equation }));
}

/** Matrix products. */
export const matmul: KernelTable = {
  BatchMatMul: product,
  _FusedMatMul: (call) => finish(call, product(call)),
  Einsum: einsum,
};
