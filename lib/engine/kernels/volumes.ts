import * as tf from "@tensorflow/tfjs";
import type { Attributes } from "../native/graph";
import type { KernelCall, KernelTable } from "./call";
import { dilationAttributes, spansOf3D, strideAttributes } from "./windows";

type Shape = [number, number, number, number, number];

function windowAttributes(call: KernelCall, shape: number[], filter: number[]): Attributes {
  const dilations = call.attribute<number | undefined>("dilations") ?? 1;
  const pad = call.attribute<"same" | "valid">("pad");
  const strides = call.attribute<number>("strides");
  const spans = spansOf3D(tf.backend_util.computeConv3DInfo(shape as Shape, filter as Shape, strides, dilations, pad));
  return { ...strideAttributes(spans), ...dilationAttributes(spans), padding: pad.toUpperCase() };
}

/** Convolutions over volumes. */
export const volumes: KernelTable = {
  Conv3D: (call) =>
    call.op(
      "Conv3D",
      [call.input("x"), call.input("filter")],
      windowAttributes(call, call.shape("x"), call.shape("filter")),
    ),
  Conv3DBackpropFilterV2: (call) => {
    const filter = call.numbers("filterShape");
    const inputs = [call.input("x"), call.graph.integers(filter), call.input("dy")];
    return call.op("Conv3DBackpropFilterV2", inputs, windowAttributes(call, call.shape("x"), filter));
  },
  Conv3DBackpropInputV2: (call) => {
    const shape = call.numbers("inputShape");
    const inputs = [call.graph.integers(shape), call.input("filter"), call.input("dy")];
    return call.op("Conv3DBackpropInputV2", inputs, windowAttributes(call, shape, call.shape("filter")));
  },
};
