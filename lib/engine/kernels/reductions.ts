import { INT32 } from "../native/data-type";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { sumOfSquares } from "./squares";

const REDUCTIONS = ["All", "Any", "Max", "Min", "Prod"];

function reduce(call: KernelCall, operation: string, x: Output): Output {
  const axes = readAxes(call, operation === "Max" ? "reductionIndices" : "axis");
  return call.op(operation, [x, call.graph.integers(axes)], { keep_dims: call.boolean("keepDims") });
}

/** Reads the axes; all of them if tfjs gives none. */
function readAxes(call: KernelCall, name: string): number[] {
  const axis = call.attribute<number | number[] | null | undefined>(name);
  return axis === null || axis === undefined ? call.shape("x").map((_, index) => index) : [axis].flat();
}

/** From this size on, a sum over rows is faster as a product; smaller ones keep the order in which they were added. */
const LEAST_NUMBERS = 1 << 20;

function sum(call: KernelCall): Output {
  const x = call.input("x");
  if (isLargeSumOverRows(call)) return sumOverRows(call, x);
  const isScalar = readAxes(call, "axis").length === call.shape("x").length && !call.boolean("keepDims");
  return (isScalar ? sumOfSquares(call, x) : undefined) ?? reduce(call, "Sum", x);
}

function isLargeSumOverRows(call: KernelCall): boolean {
  const [rows = 0, columns = 0, ...others] = call.shape("x");
  const isMatrix = others.length === 0 && call.tensor("x").dtype === "float32";
  return isMatrix && rows * columns >= LEAST_NUMBERS && readAxes(call, "axis").join() === "0";
}

/**
 * The sum of the rows of a matrix, as the gradient of a bias is, as a product with ones: a quarter of the time of
 * TensorFlow's sum on a CPU, since that reads the matrix by columns.
 */
function sumOverRows(call: KernelCall, x: Output): Output {
  const { graph } = call;
  const [rows = 0, columns = 0] = call.shape("x");
  const ones = call.op("Fill", [graph.integers([1, rows]), graph.float(1)]);
  const shape = call.boolean("keepDims") ? [1, columns] : [columns];
  return call.op("Reshape", [call.op("MatMul", [ones, x]), graph.integers(shape)]);
}

function position(call: KernelCall, operation: string): Output {
  const axis = call.graph.integer(call.numbers("axis")[0] ?? 0);
  return call.op(operation, [call.input("x"), axis], { output_type: { type: INT32 } });
}

function cumulate(call: KernelCall, operation: string): Output {
  const attributes = { exclusive: call.boolean("exclusive"), reverse: call.boolean("reverse") };
  return call.op(operation, [call.input("x"), call.graph.integer(call.number("axis"))], attributes);
}

/** Reductions and running sums. */
export const reductions: KernelTable = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [name, (call) => reduce(call, name, call.input("x"))])),
  ArgMax: (call) => position(call, "ArgMax"),
  ArgMin: (call) => position(call, "ArgMin"),
  Cumprod: (call) => cumulate(call, "Cumprod"),
  Cumsum: (call) => cumulate(call, "Cumsum"),
  Mean: (call) => reduce(call, "Mean", call.float(call.input("x"))),
  Sum: sum,
};
