import { inputTensor, type NamedTensor, OUTPUT_TENSORS, shapeOf } from "./tensors";

/**
 * Writes Triton's model configuration (inference.ModelConfig as protobuf text). It names no model, so the folder's own
 * name counts. With `max_batch_size: 0` the dims are the ONNX file's whole shapes, so `score` is [n] for every server;
 * a batch dimension of Triton's would make it [n, 1].
 */
export function tritonConfig(inputDim: number): string {
  return [
    'backend: "onnxruntime"',
    "max_batch_size: 0",
    ...tensor("input", inputTensor(inputDim)),
    ...OUTPUT_TENSORS.flatMap((output) => tensor("output", output)),
    "",
  ].join("\n");
}

function tensor(field: "input" | "output", named: NamedTensor): string[] {
  return [
    `${field} {`,
    `  name: "${named.name}"`,
    "  data_type: TYPE_FP32",
    `  dims: [${shapeOf(named, -1).join(", ")}]`,
    "}",
  ];
}
