import { typeCode } from "../native/data-type";
import type { Attributes } from "../native/graph";
import type { Output } from "../native/signatures";
import type { KernelCall, KernelTable, RecordKernel } from "./call";
import { square } from "./squares";

/** Same name in tfjs and TensorFlow: one input, one output, float32. */
const UNARY = [
  "Acos",
  "Acosh",
  "Asin",
  "Asinh",
  "Atan",
  "Atanh",
  "Cos",
  "Cosh",
  "Erf",
  "Exp",
  "Expm1",
  "Log",
  "Log1p",
  "Reciprocal",
  "Rsqrt",
  "Sin",
  "Sinh",
  "Sqrt",
  "Tan",
];

/** These leave integers unchanged. */
const ROUNDING = ["Ceil", "Floor", "Round"];

/** tfjs's name to TensorFlow's name: two inputs that broadcast. */
const BINARY = {
  Sub: "Sub",
  Multiply: "Mul",
  RealDiv: "RealDiv",
  FloorDiv: "FloorDiv",
  Maximum: "Maximum",
  Minimum: "Minimum",
  Pow: "Pow",
  Mod: "FloorMod",
  SquaredDifference: "SquaredDifference",
  Atan2: "Atan2",
};

const COMPARISONS = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

const TESTS = { IsNan: "IsNan", IsInf: "IsInf", IsFinite: "IsFinite", LogicalNot: "LogicalNot" };

const unary = (operation: string): RecordKernel => {
  return (call) => call.op(operation, [call.input("x")]);
};

const ofFloats = (operation: string): RecordKernel => {
  return (call) => call.op(operation, [call.float(call.input("x"))]);
};

const rounding = (operation: string): RecordKernel => {
  return (call) => (call.tensor("x").dtype === "int32" ? call.input("x") : call.op(operation, [call.input("x")]));
};

const binary = (operation: string): RecordKernel => {
  return (call) => call.op(operation, [call.input("a"), call.input("b")]);
};

/** Normalisation by statistics, or by nearby channels. */
export const normalisation: KernelTable = {
  FusedBatchNorm: batchNorm,
  LRN: (call) => call.op("LRN", [call.input("x")], neighbours(call)),
  LRNGrad: (call) => call.op("LRNGrad", [call.input("dy"), call.input("x"), call.input("y")], neighbours(call)),
};

/** Adding a bias to rows has its own operation, which is faster. */
function add(call: KernelCall) {
  const a = call.tensor("a");
  const b = call.tensor("b");
  const isBias = a.shape.length === 2 && b.shape.length === 1 && a.shape[1] === b.shape[0] && a.dtype === "float32";
  return call.op(isBias ? "BiasAdd" : "AddV2", [call.input("a"), call.input("b")]);
}

/** 1 above zero, `alpha` elsewhere, NaN if the input is. */
function step(call: KernelCall) {
  const x = call.float(call.input("x"));
  const positive = call.op("Greater", [x, call.graph.float(0)]);
  const chosen = call.op("SelectV2", [positive, call.graph.float(1), call.graph.float(call.number("alpha") ?? 0)]);
  return call.cast(call.op("SelectV2", [call.op("IsNan", [x]), x, chosen]), typeCode(call.tensor("x").dtype));
}

/** NaN has the sign 0. */
function sign(call: KernelCall) {
  const x = call.input("x");
  const signs = call.op("Sign", [x]);
  if (call.tensor("x").dtype !== "float32") return signs;
  return call.op("SelectV2", [call.op("IsNan", [x]), call.graph.float(0), signs]);
}

function clip(call: KernelCall) {
  const bounds = ["clipValueMin", "clipValueMax"].map((name) => call.like("x", call.number(name)));
  return call.op("ClipByValue", [call.input("x"), ...bounds]);
}

/** Element-wise operations. */
export const arithmetic: KernelTable = {
  ...Object.fromEntries(UNARY.map((name) => [name, ofFloats(name)])),
  ...Object.fromEntries(ROUNDING.map((name) => [name, rounding(name)])),
  ...Object.fromEntries(Object.entries(TESTS).map(([name, operation]) => [name, unary(operation)])),
  ...Object.fromEntries(Object.entries(BINARY).map(([name, operation]) => [name, binary(operation)])),
  ...Object.fromEntries(COMPARISONS.map((name) => [name, binary(name)])),
  Abs: unary("Abs"),
  Add: add,
  AddN: (call) => call.op("AddN", [call.inputs()]),
  BitwiseAnd: binary("BitwiseAnd"),
  ClipByValue: clip,
  Neg: unary("Neg"),
  Select: (call) => call.op("SelectV2", [call.input("condition"), call.input("t"), call.input("e")]),
  Sign: sign,
  Square: square,
  Step: step,
};

/** (x - mean) / sqrt(variance + epsilon) * scale + offset, with given statistics. */
function batchNorm(call: KernelCall): Output {
  const variance = call.op("AddV2", [call.input("variance"), call.graph.float(call.number("varianceEpsilon"))]);
  const inverse = call.op("Rsqrt", [variance]);
  const factor = call.has("scale") ? call.op("Mul", [inverse, call.input("scale")]) : inverse;
  const scaled = call.op("Mul", [call.op("Sub", [call.input("x"), call.input("mean")]), factor]);
  return call.has("offset") ? call.op("AddV2", [scaled, call.input("offset")]) : scaled;
}

function neighbours(call: KernelCall): Attributes {
  const [bias, alpha, beta] = ["bias", "alpha", "beta"].map((name) => ({ float: call.number(name) }));
  return { depth_radius: call.number("depthRadius"), bias, alpha, beta } as Attributes;
}
