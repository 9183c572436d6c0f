import { AUXILIARY_HEADS } from "../../model";

/** A tensor of an exported model: rows, then columns; without a width it has rows alone. All hold 32-bit floats. */
export interface NamedTensor {
  name: string;
  width?: number;
}

/** The model's input: image and title embedding side by side. */
export const inputTensor = (inputDim: number): NamedTensor & { width: number } => ({
  name: "embedding",
  width: inputDim,
});

/** The model's outputs, named the same in ONNX, Triton and MLflow. */
export const OUTPUT_TENSORS: readonly NamedTensor[] = [
  { name: "score" },
  { name: "ctr" },
  { name: "auxiliary", width: AUXILIARY_HEADS.length },
];

/** Shape with the given number for any number of rows. */
export const shapeOf = ({ width }: NamedTensor, rows: number): number[] =>
  width === undefined ? [rows] : [rows, width];
