import { bytesOf } from "../../base";
import { AUXILIARY_HEADS, type ThumbnailRankingModel } from "../../model";
import { inputTensor, OUTPUT_TENSORS } from "../folder/tensors";
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
  const { name, width } = inputTensor(model.inputDim);
  return encodeRanker({
    name: "thumbnail_ranking_model",
    nodes: headNodes(),
    initializers: headInitializers(model),
    inputs: [{ name, sizes: [width] }],
  });
}

/** A graph with the model's outputs. */
interface RankerGraph {
  name: string;
  nodes: Node[];
  initializers: Tensor[];
  /** Sizes are without the batch. */
  inputs: { name: string; sizes: number[] }[];
  metadata?: Record<string, string>;
}

/** Encodes a graph that gives `score`, `ctr` and `auxiliary`. */
export function encodeRanker({ name, nodes, initializers, inputs, metadata = {} }: RankerGraph): Uint8Array {
  const described = { auxiliary: AUXILIARY_HEADS.join(","), ...metadata };
  return encodeOnnx({
    ir_version: IR_VERSION,
    producer_name: "thumbrank",
    opset_import: [{ domain: "", version: OPSET }],
    metadata_props: Object.entries(described).map(([key, value]) => ({ key, value })),
    graph: {
      name,
      node: nodes,
      initializer: initializers,
      input: inputs.map(valueInfo),
      output: OUTPUT_TENSORS.map(({ name: output, width }) =>
        valueInfo({ name: output, sizes: width === undefined ? [] : [width] }),
      ),
    },
  });
}

/** From `embedding` on: the layers of lib/model's `forward`, without dropout, which does nothing in evaluation mode. */
export function headNodes(): Node[] {
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

/** The model's weights, and the constant that `headNodes` refer to. */
export function headInitializers({ weights }: ThumbnailRankingModel): Tensor[] {
  const tensors = Object.entries(weights).map(([name, { shape, values }]) => initializer(name, shape, values));
  return [...tensors, int64s("axes", [1])];
}

/** Numbers in the graph itself. */
export function initializer(name: string, dims: number[], values: Float32Array): Tensor {
  return { name, dims, data_type: DATA_TYPE.float, raw_data: bytesOf(values) };
}

/** Whole numbers in the graph itself, such as a shape. */
export function int64s(name: string, values: readonly number[]): Tensor {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], data_type: DATA_TYPE.int64, raw_data: raw };
}

function valueInfo({ name, sizes }: { name: string; sizes: readonly number[] }): ValueInfo {
  const dim = [{ dim_param: "batch" }, ...sizes.map((dim_value) => ({ dim_value }))];
  return { name, type: { tensor_type: { elem_type: DATA_TYPE.float, shape: { dim } } } };
}
