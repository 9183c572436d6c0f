import { STATELESS_UNIFORM } from "../kernel-names";
import { INT32, typeCode } from "../native/data-type";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable } from "./call";

/** A tensor filled with one value; the operation keeps large tensors out of the graph. */
function filled(call: KernelCall, shape: number[], value: number, dtype: string): Output {
  const { graph } = call;
  const scalar = call.cast(graph.float(value), typeCode(dtype));
  return shape.length === 0 ? scalar : call.op("Fill", [graph.integers(shape), scalar]);
}

/** As in tfjs: a step of 1 counts down if that leads to `stop`; a step in the wrong direction gives nothing. */
function range(call: KernelCall): Output {
  const type = typeCode(call.attribute<string>("dtype"));
  const [start, stop, given] = ["start", "stop", "step"].map((name) => call.number(name)) as [number, number, number];
  const step = stop < start && given === 1 ? -1 : given;
  const leadsAway = start === stop || start < stop !== step > 0;
  const scalar = (value: number) =>
    call.graph.constant(type === INT32 ? Int32Array.of(value) : Float32Array.of(value), [], type);
  return call.op("Range", [scalar(start), scalar(leadsAway ? start : stop), scalar(step)]);
}

function oneHot(call: KernelCall): Output {
  const { graph } = call;
  const type = typeCode(call.attribute<string>("dtype"));
  const values = ["onValue", "offValue"].map((name) => call.cast(graph.float(call.number(name)), type));
  return call.op("OneHot", [call.input("indices"), graph.integer(call.number("depth")), ...values]);
}

/** The seed is fed; the site is a constant that distinguishes two calls within a step. */
function uniform(call: KernelCall): Output {
  const seed = call.op("Pack", [[call.input("seed"), call.graph.integer(call.number("site"))]], { axis: 0 });
  return call.op(STATELESS_UNIFORM, [call.graph.integers(call.numbers("shape")), seed], {
    dtype: { type: typeCode("float32") },
  });
}

/** Kernels that create tensors. */
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
