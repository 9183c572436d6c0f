import type * as tf from "@tensorflow/tfjs";
import type { Attributes } from "../native/graph";

/** How a window moves along one dimension. */
export interface Span {
  size: number;
  outSize: number;
  stride: number;
  /** Elements from the first to the last in the window, with the gaps of a dilation. */
  extent: number;
  dilation: number;
  /** Padding at both ends. */
  before: number;
  after: number;
}

type Info2D = tf.backend_util.Conv2DInfo;
type Info3D = tf.backend_util.Conv3DInfo;

/** Rows and columns. */
export function spansOf2D(info: Info2D): Span[] {
  const { top, bottom, left, right } = info.padInfo;
  const rows = [info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.dilationHeight];
  const columns = [info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.dilationWidth];
  return [makeSpan(rows, top, bottom), makeSpan(columns, left, right)];
}

/** Depth, rows and columns. */
export function spansOf3D(info: Info3D): Span[] {
  const { front, back } = info.padInfo;
  const depth = [info.inDepth, info.outDepth, info.strideDepth, info.effectiveFilterDepth, info.dilationDepth];
  return [makeSpan(depth, front, back), ...spansOf2D(info as unknown as Info2D)];
}

/** Pads the end so far that TensorFlow, which rounds down, arrives at the size that tfjs rounded to. */
function makeSpan([size, outSize, stride, extent, dilation]: number[], before: number, after: number): Span {
  const span = { size, outSize, stride, extent, dilation } as Omit<Span, "before" | "after">;
  const needed = (span.outSize - 1) * span.stride + span.extent - span.size - before;
  return { ...span, before, after: Math.max(after, needed) };
}

export function isPadded(spans: Span[]): boolean {
  return spans.some(({ before, after }) => before !== 0 || after !== 0);
}

/** A pair for each dimension: no padding for batch and channels. */
export function toPaddings(spans: Span[]): [number, number][] {
  return [[0, 0], ...spans.map(({ before, after }): [number, number] => [before, after]), [0, 0]];
}

/** TensorFlow's stride attributes. */
export function strideAttributes(spans: Span[]): Attributes {
  return { strides: [1, ...spans.map(({ stride }) => stride), 1] };
}

/** TensorFlow's dilation attributes. */
export function dilationAttributes(spans: Span[]): Attributes {
  return { dilations: [1, ...spans.map(({ dilation }) => dilation), 1] };
}

/** TensorFlow's attributes for explicit padding. */
export function paddingAttributes(spans: Span[]): Attributes {
  if (!isPadded(spans)) return { padding: "VALID" };
  return { padding: "EXPLICIT", explicit_paddings: toPaddings(spans).flat() };
}
