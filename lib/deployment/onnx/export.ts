import { bytesOf } from "../../base";
import { AUXILIARY_HEADS, type ThumbnailRankingModel, type WeightArray } from "../../model";
import { inputTensor, type NamedTensor, OUTPUT_TENSORS } from "../folder/tensors";
import { batchNorm, concat, linear, relu, sequence, sigmoid, squeeze } from "./layers";
import { DATA_TYPE, encodeOnnx, type Node, type Tensor, type ValueInfo } from "./schema";

/** ONNX operator set; BatchNormalization has this form since 15, Squeeze takes its axes as input since 13. */
const OPSET = 17;
const IR_VERSION = 8;

/**
 * Writes the model in evaluation mode as an ONNX file: `embedding` [batch, clipDim + textDim] (image and title
 * embedding side by side, each L2-normalised) to `score` [batch], `ctr` [batch] and `auxiliary` [batch, 6].
 */
export function buildOnnx(model: ThumbnailRankingModel): Uint8Array {
  return encodeOnnx({
    ir_version: IR_VERSION,
    producer_name: "thumbrank",
    opset_import: [{ domain: "", version: OPSET }],
    metadata_props: [{ key: "auxiliary", value: AUXILIARY_HEADS.join(",") }],
    graph: {
      name: "thumbnail_ranking_model",
      node: nodes(),
      initializer: [...Object.entries(model.weights).map(initializer), AXES],
      input: [valueInfo(inputTensor(model.inputDim))],
      output: OUTPUT_TENSORS.map(valueInfo),
    },
  });
}

/** The layers of lib/model's `forward`, without dropout, which does nothing in evaluation mode. */
function nodes(): Node[] {
  const pairwise = [linear("pairwise.0"), relu, linear("pairwise.3"), relu, linear("pairwise.6"), squeeze];
  const ctrFirst = [linear("ctr.0"), relu, batchNorm("ctr.2")];
  const ctrSecond = [linear("ctr.4"), relu, batchNorm("ctr.6")];
  return [
    ...sequence("embedding", [linear("projection"), relu], "features"),
    ...sequence("features", pairwise, "score"),
    ...sequence("features", [...ctrFirst, ...ctrSecond, linear("ctr.8"), sigmoid, squeeze], "ctr"),
    ...AUXILIARY_HEADS.flatMap(auxiliaryHead),
    concat([...AUXILIARY_HEADS], "auxiliary/logits"),
    sigmoid("auxiliary/logits", "auxiliary"),
  ];
}

function auxiliaryHead(head: string): Node[] {
  return sequence("features", [linear(`auxiliary.${head}.0`), relu, linear(`auxiliary.${head}.3`)], head);
}

const AXES: Tensor = {
  name: "axes",
  dims: [1],
  data_type: DATA_TYPE.int64,
  raw_data: new Uint8Array(BigInt64Array.of(1n).buffer),
};

function initializer([name, { shape, values }]: [string, WeightArray]): Tensor {
  return { name, dims: shape, data_type: DATA_TYPE.float, raw_data: bytesOf(values) };
}

function valueInfo({ name, width }: NamedTensor): ValueInfo {
  const dim = [{ dim_param: "batch" }, ...(width === undefined ? [] : [{ dim_value: width }])];
  return { name, type: { tensor_type: { elem_type: DATA_TYPE.float, shape: { dim } } } };
}
