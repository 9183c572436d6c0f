import * as tf from "@tensorflow/tfjs";
import type { Attributes } from "../native/graph";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";
import { finish } from "./fused";
import { asGiven, channelsLast, lastOf } from "./layout";
import { inPrecision, inPrecisionButHalf } from "./product";
import { edgesOf, gapsOf, type Span, spansOf2D, stepsOf } from "./windows";

type Filter = [number, number, number, number];
type Pad = Parameters<typeof tf.backend_util.computeConv2DInfo>[4];

/** The window's way over x; `shape` is that of x, in the call's data format. */
function spansOf(call: KernelCall, shape: number[], filter: number[], depthwise = false): Span[] {
  const given = call.attribute<Pad>("pad");
  const pad = Array.isArray(given) ? (lastOf(call, given) as typeof given) : given;
  return spansOf2D(
    tf.backend_util.computeConv2DInfo(
      lastOf(call, shape) as Filter,
      filter as Filter,
      call.attribute<number>("strides"),
      call.attribute<number | undefined>("dilations") ?? 1,
      pad,
      call.attribute<"floor">("dimRoundingMode"),
      depthwise,
    ),
  );
}

function windowOf(spans: Span[]): Attributes {
  return { ...stepsOf(spans), ...gapsOf(spans), ...edgesOf(spans) };
}

const image = (call: KernelCall, name: string) => channelsLast(call, call.float(call.input(name)));

function convolution(call: KernelCall): Output {
  const attributes = windowOf(spansOf(call, call.shape("x"), call.shape("filter")));
  const factors = [image(call, "x"), call.float(call.input("filter"))];
  return asGiven(
    call,
    inPrecision(call, factors, (rounded) => call.op("Conv2D", rounded, attributes)),
  );
}

function gradientOfInput(call: KernelCall): Output {
  const shape = call.numbers("inputShape");
  const attributes = windowOf(spansOf(call, shape, call.shape("filter")));
  const size = call.graph.integers(lastOf(call, shape));
  const factors = [call.input("filter"), image(call, "dy")];
  return asGiven(
    call,
    inPrecisionButHalf(call, factors, (rounded) => call.op("Conv2DBackpropInput", [size, ...rounded], attributes)),
  );
}

function gradientOfFilter(call: KernelCall): Output {
  const filter = call.numbers("filterShape");
  const attributes = windowOf(spansOf(call, call.shape("x"), filter));
  const size = call.graph.integers(filter);
  return inPrecisionButHalf(call, [image(call, "x"), image(call, "dy")], ([x, dy]) =>
    call.op("Conv2DBackpropFilter", [x as Output, size, dy as Output], attributes),
  );
}

/** Each channel with filters of its own: where TensorFlow's operation has a limit, as a convolution in groups. */
function depthwise(call: KernelCall): Output {
  const filter = call.shape("filter") as Filter;
  const spans = spansOf(call, call.shape("x"), filter, true);
  const x = image(call, "x");
  const weights = call.float(call.input("filter"));
  const isPlain = spans.every(({ dilation, stride }) => dilation === 1 && stride === spans[0]?.stride);
  if (isPlain) return asGiven(call, call.op("DepthwiseConv2dNative", [x, weights], windowOf(spans)));
  const [height, width, channels, multiplier] = filter;
  const grouped = call.op("Reshape", [weights, call.graph.integers([height, width, 1, channels * multiplier])]);
  return asGiven(call, call.op("Conv2D", [x, grouped], windowOf(spans)));
}

function gradientOfDepthwiseInput(call: KernelCall): Output {
  const shape = call.numbers("inputShape");
  const inputs = [call.graph.integers(shape), call.input("filter"), call.input("dy")];
  const attributes = windowOf(spansOf(call, shape, call.shape("filter"), true));
  return call.op("DepthwiseConv2dNativeBackpropInput", inputs, attributes);
}

function gradientOfDepthwiseFilter(call: KernelCall): Output {
  const filter = call.numbers("filterShape");
  const inputs = [call.input("x"), call.graph.integers(filter), call.input("dy")];
  const attributes = windowOf(spansOf(call, call.shape("x"), filter, true));
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
