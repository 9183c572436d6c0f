import { STATELESS_UNIFORM } from "../kernel-names";
import { codeOf } from "../native/data-type";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** A tensor of one value; the operation keeps large ones out of the graph. */
function filled(call: KernelCall, shape: number[], value: number, dtype: string): Output {
  const { graph } = call;
  const scalar = call.cast(graph.float(value), codeOf(dtype));
  return shape.length === 0 ? scalar : call.op("Fill", [graph.integers(shape), scalar]);
}

function range(call: KernelCall): Output {
  const bounds = ["start", "stop", "step"].map((name) => call.graph.float(call.number(name)));
  return call.cast(call.op("Range", bounds), codeOf(call.attribute<string>("dtype")));
}

function oneHot(call: KernelCall): Output {
  const { graph } = call;
  const type = codeOf(call.attribute<string>("dtype"));
  const values = ["onValue", "offValue"].map((name) => call.cast(graph.float(call.number(name)), type));
  return call.op("OneHot", [call.input("indices"), graph.integer(call.number("depth")), ...values]);
}

/** The seed is fed, the site is the constant that tells two calls of a step apart. */
function uniform(call: KernelCall): Output {
  const seed = call.op("Pack", [[call.input("seed"), call.graph.integer(call.number("site"))]], { axis: 0 });
  return call.op(STATELESS_UNIFORM, [call.graph.integers(call.numbers("shape")), seed], {
    dtype: { type: codeOf("float32") },
  });
}

/** Tensors out of nothing, or nearly. */
export const creation: KernelTable = {
  Fill: (call) =>
    filled(call, call.numbers("shape"), call.number("value"), call.attribute<string | undefined>("dtype") ?? "float32"),
  LinSpace: (call) =>
    call.op("LinSpace", [
      call.graph.float(call.number("start")),
      call.graph.float(call.number("stop")),
      call.graph.integer(call.number("num")),
    ]),
  OneHot: oneHot,
  OnesLike: (call) => filled(call, call.shape("x"), 1, call.tensor("x").dtype),
  Range: range,
  ZerosLike: (call) => filled(call, call.shape("x"), 0, call.tensor("x").dtype),
  [STATELESS_UNIFORM]: uniform,
};
