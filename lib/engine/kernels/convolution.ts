import * as tf from "@tensorflow/tfjs";
import type { Attributes } from "../native/graph";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { finish } from "./fused";
import { asGiven, channelsLast, toChannelsLast } from "./layout";
import { inPrecision, inPrecisionButHalf } from "./product";
import { dilationAttributes, paddingAttributes, type Span, spansOf2D, strideAttributes } from "./windows";

type Filter = [number, number, number, number];
type Pad = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];

/** How the window moves over x; `shape` is that of x, in the call's data format. */
function makeSpans(call: KernelCall, shape: number[], filter: number[], depthwise = false): Span[] {
  const given = call.attribute<Pad>("pad");
  const pad = Array.isArray(given) ? (toChannelsLast(call, given) as typeof given) : given;
  return spansOf2D(
    tf.backend_util.computeConv2DInfo(
      toChannelsLast(call, shape) as Filter,
      filter as Filter,
      call.attribute<number>("strides"),
      call.attribute<number | undefined>("dilations") ?? 1,
      pad,
      call.attribute<"floor">("dimRoundingMode"),
      depthwise,
    ),
  );
}

function windowAttributes(spans: Span[]): Attributes {
  return { ...strideAttributes(spans), ...dilationAttributes(spans), ...paddingAttributes(spans) };
}

const image = (call: KernelCall, name: string) => channelsLast(call, call.float(call.input(name)));

function convolution(call: KernelCall): Output {
  const attributes = windowAttributes(makeSpans(call, call.shape("x"), call.shape("filter")));
  const factors = [image(call, "x"), call.float(call.input("filter"))];
  return asGiven(
    call,
    inPrecision(call, factors, (rounded) => call.op("Conv2D", rounded, attributes)),
  );
}

function gradientOfInput(call: KernelCall): Output {
  const shape = call.numbers("inputShape");
  const attributes = windowAttributes(makeSpans(call, shape, call.shape("filter")));
  const size = call.graph.integers(toChannelsLast(call, shape));
  const factors = [call.input("filter"), image(call, "dy")];
  return asGiven(
    call,
    inPrecisionButHalf(call, factors, (rounded) => call.op("Conv2DBackpropInput", [size, ...rounded], attributes)),
  );
}

function gradientOfFilter(call: KernelCall): Output {
  const filter = call.numbers("filterShape");
  const attributes = windowAttributes(makeSpans(call, call.shape("x"), filter));
  const size = call.graph.integers(filter);
  return inPrecisionButHalf(call, [image(call, "x"), image(call, "dy")], ([x, dy]) =>
    call.op("Conv2DBackpropFilter", [x as Output, size, dy as Output], attributes),
  );
}

/** Convolves each channel with its own filters; falls back to a grouped convolution at TensorFlow's limits. */
function depthwise(call: KernelCall): Output {
  const filter = call.shape("filter") as Filter;
  const spans = makeSpans(call, call.shape("x"), filter, true);
  const x = image(call, "x");
  const weights = call.float(call.input("filter"));
  const isPlain = spans.every(({ dilation, stride }) => dilation === 1 && stride === spans[0]?.stride);
  if (isPlain) return asGiven(call, call.op("DepthwiseConv2dNative", [x, weights], windowAttributes(spans)));
  const [height, width, channels, multiplier] = filter;
  const grouped = call.op("Reshape", [weights, call.graph.integers([height, width, 1, channels * multiplier])]);
  return asGiven(call, call.op("Conv2D", [x, grouped], windowAttributes(spans)));
}

function gradientOfDepthwiseInput(call: KernelCall): Output {
  const shape = call.numbers("inputShape");
  const inputs = [call.graph.integers(shape), call.input("filter"), call.input("dy")];
  const attributes = windowAttributes(makeSpans(call, shape, call.shape("filter"), true));
  return call.op("DepthwiseConv2dNativeBackpropInput", inputs, attributes);
}

function gradientOfDepthwiseFilter(call: KernelCall): Output {
  const filter = call.numbers("filterShape");
  const inputs = [call.input("x"), call.graph.integers(filter), call.input("dy")];
  const attributes = windowAttributes(makeSpans(call, call.shape("x"), filter, true));
  return call.op("DepthwiseConv2dNativeBackpropFilter", inputs, attributes);
}

/** Convolutions over pictures. */
export const convolutions: KernelTable = {
  Conv2D: convolution,
  Conv2DBackpropFilter: gradientOfFilter,
  Conv2DBackpropInput: gradientOfInput,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropFilter: gradientOfDepthwiseFilter,
  DepthwiseConv2dNativeBackpropInput: gradientOfDepthwiseInput,
  FusedConv2D: (call) => finish(call, convolution(call)),
  FusedDepthwiseConv2D: (call) => finish(call, depthwise(call)),
};
