import * as tf from "@tensorflow/tfjs";
import type { Attributes } from "../native/graph";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { isPadded, type Span, spansOf2D, spansOf3D, strideAttributes, toPaddings } from "./windows";

/** A window over x, which is padded explicitly if TensorFlow's operations cannot do it. */
interface Pool {
  spans: Span[];
  attributes: Attributes;
  byHand: boolean;
}

/** Grey-scale dilation and its gradients. */
export const dilation: KernelTable = {
  Dilation2D: (call) => dilate(call, "Dilation2D", ["x", "filter"]),
  Dilation2DBackpropFilter: (call) => dilate(call, "Dilation2DBackpropFilter", ["x", "filter", "dy"]),
  Dilation2DBackpropInput: (call) => dilate(call, "Dilation2DBackpropInput", ["x", "filter", "dy"]),
};

function makePool(call: KernelCall, name: string): Pool {
  const shape = call.shape(name);
  const compute = shape.length === 5 ? spansOfVolume : spansOfPicture;
  const spans = compute(call, shape);
  const isSame = call.attribute<unknown>("pad") === "same";
  const ksize = [1, ...spans.map(({ extent }) => extent), 1];
  const attributes = { ...strideAttributes(spans), ksize, padding: isSame ? "SAME" : "VALID" };
  return { spans, attributes, byHand: !isSame && isPadded(spans) };
}

function spansOfPicture(call: KernelCall, shape: number[]): Span[] {
  const filter = call.attribute<number>("filterSize");
  const strides = call.attribute<number>("strides");
  const pad = call.attribute<number>("pad");
  const rounding = call.attribute<"floor">("dimRoundingMode");
  const four = shape as [number, number, number, number];
  return spansOf2D(tf.backend_util.computePool2DInfo(four, filter, strides, 1, pad, rounding));
}

function spansOfVolume(call: KernelCall, shape: number[]): Span[] {
  const filter = call.attribute<number>("filterSize");
  const strides = call.attribute<number>("strides");
  const pad = call.attribute<number>("pad");
  const rounding = call.attribute<"floor">("dimRoundingMode");
  const five = shape as [number, number, number, number, number];
  return spansOf3D(tf.backend_util.computePool3DInfo(five, filter, strides, 1, pad, rounding));
}

function padded(call: KernelCall, { spans, byHand }: Pool, x: Output, filler: Output): Output {
  return byHand ? call.op("PadV2", [x, call.graph.pairs(toPaddings(spans)), filler]) : x;
}

/** The part of a padded gradient that belongs to x. */
function cropped(call: KernelCall, { spans, byHand }: Pool, gradient: Output, shape: number[]): Output {
  if (!byHand) return gradient;
  const begin = [0, ...spans.map(({ before }) => before), 0];
  return call.op("Slice", [gradient, call.graph.integers(begin), call.graph.integers(shape)]);
}

/** The smallest value of the type: the padding of a maximum. */
const least = (call: KernelCall, name: string) =>
  call.like(name, call.tensor(name).dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY);

function maximum(call: KernelCall, operation: string): Output {
  const pool = makePool(call, "x");
  return call.op(operation, [padded(call, pool, call.input("x"), least(call, "x"))], pool.attributes);
}

function gradientOfMaximum(call: KernelCall, operation: string): Output {
  const pool = makePool(call, "input");
  const x = padded(call, pool, call.float(call.input("input")), call.graph.float(Number.NEGATIVE_INFINITY));
  const output = call.op(operation.replace("Grad", ""), [x], pool.attributes);
  return cropped(call, pool, call.op(operation, [x, output, call.input("dy")], pool.attributes), call.shape("input"));
}

/** Weights of the positions: one for each element of x, none for the padding, averaged the way x is. */
function weights(call: KernelCall, pool: Pool, operation: string, shape: number[]): Output {
  const ones = call.op("Fill", [call.graph.integers(shape), call.graph.float(1)]);
  return call.op(operation, [padded(call, pool, ones, call.graph.float(0))], pool.attributes);
}

/** The mean of the elements of x within the window, without the padding. */
function average(call: KernelCall, operation: string): Output {
  const pool = makePool(call, "x");
  const x = padded(call, pool, call.float(call.input("x")), call.graph.float(0));
  const mean = call.op(operation, [x], pool.attributes);
  return pool.byHand ? call.op("DivNoNan", [mean, weights(call, pool, operation, call.shape("x"))]) : mean;
}

function gradientOfAverage(call: KernelCall, operation: string): Output {
  const pool = makePool(call, "input");
  const shape = call.shape("input");
  const counts = () => weights(call, pool, operation.replace("Grad", ""), shape);
  const dy = pool.byHand ? call.op("DivNoNan", [call.input("dy"), counts()]) : call.input("dy");
  const paddings = pool.byHand ? toPaddings(pool.spans) : shape.map(() => [0, 0] as const);
  const size = shape.map((length, index) => length + (paddings[index]?.[0] ?? 0) + (paddings[index]?.[1] ?? 0));
  return cropped(call, pool, call.op(operation, [call.graph.integers(size), dy], pool.attributes), shape);
}

function maximumWithPlace(call: KernelCall): Output[] {
  const { attributes } = makePool(call, "x");
  const first = call.op("MaxPoolWithArgmax", [call.input("x")], {
    ...attributes,
    include_batch_in_index: call.boolean("includeBatchInIndex"),
  });
  return [first, call.integer({ oper: first.oper, index: 1 })];
}

/** Maximum or mean over windows of a picture or a volume. */
export const pooling: KernelTable = {
  AvgPool: (call) => average(call, "AvgPool"),
  AvgPool3D: (call) => average(call, "AvgPool3D"),
  AvgPool3DGrad: (call) => gradientOfAverage(call, "AvgPool3DGrad"),
  AvgPoolGrad: (call) => gradientOfAverage(call, "AvgPoolGrad"),
  MaxPool: (call) => maximum(call, "MaxPool"),
  MaxPool3D: (call) => maximum(call, "MaxPool3D"),
  MaxPool3DGrad: (call) => gradientOfMaximum(call, "MaxPool3DGrad"),
  MaxPoolGrad: (call) => gradientOfMaximum(call, "MaxPoolGrad"),
  MaxPoolWithArgmax: maximumWithPlace,
};

/** The maximum sum of a picture and a filter that moves over it. */
function dilate(call: KernelCall, operation: string, names: string[]) {
  const [rows, columns] = sides(call, "strides");
  const [high, wide] = sides(call, "dilations");
  return call.op(
    operation,
    names.map((name) => call.input(name)),
    {
      strides: [1, rows, columns, 1],
      rates: [1, high, wide, 1],
      padding: call.attribute<string>("pad").toUpperCase(),
    },
  );
}

function sides(call: KernelCall, name: string): [number, number] {
  const [first = 1, second = first] = call.numbers(name);
  return [first, second];
}
