import * as tf from "@tensorflow/tfjs";
import type { TensorSpec } from "../../lib/engine";

/** An operation with the shapes and the range of its inputs; `kind` says what they may hold. */
export interface Case {
  name: string;
  run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  specs: TensorSpec[];
  /** Range of float inputs; -2 to 2 where left out. */
  range?: [number, number];
  /** Integer inputs are below this; 3 where left out. */
  below?: number;
  /** Whether gradients with respect to the float inputs are compared too; true where left out. */
  gradient?: boolean;
}

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const of = (...shape: number[]): TensorSpec => ({ shape });
const integers = (...shape: number[]): TensorSpec => ({ shape, dtype: "int32" });

const unary = (operations: Record<string, Unary>, more: Partial<Case> = {}): Case[] =>
  Object.entries(operations).flatMap(([name, run]) =>
    [of(), of(7), of(2, 3, 4)].map((spec) => ({ name: `${name} [${spec.shape}]`, run, specs: [spec], ...more })),
  );

const SHAPES: [TensorSpec, TensorSpec][] = [
  [of(4), of(4)],
  [of(3, 4), of(4)],
  [of(3, 1), of(1, 4)],
  [of(2, 3, 4), of()],
];

const binary = (operations: Record<string, Binary>, more: Partial<Case> = {}): Case[] =>
  Object.entries(operations).flatMap(([name, run]) =>
    SHAPES.map((specs) => ({ name: `${name} [${specs[0].shape}] [${specs[1].shape}]`, run, specs, ...more })),
  );

const one = (name: string, specs: TensorSpec[], run: Case["run"], more: Partial<Case> = {}): Case => ({
  name,
  specs,
  run,
  ...more,
});

const bool = (x: tf.Tensor) => tf.greater(x, 0);
const matrix = (x: tf.Tensor) => x as tf.Tensor2D;

/** tfjs has their gradients for equal shapes only. */
const NO_BROADCAST_GRADIENT: Record<string, Binary> = {
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
};

const elementwise: Case[] = [
  ...unary({
    abs: tf.abs,
    atan: tf.atan,
    cos: tf.cos,
    erf: tf.erf,
    exp: tf.exp,
    expm1: tf.expm1,
    neg: tf.neg,
    sin: tf.sin,
    sinh: tf.sinh,
    cosh: tf.cosh,
    asinh: tf.asinh,
    square: tf.square,
    sign: tf.sign,
    step: (x) => tf.step(x, 0.3),
    clip: (x) => tf.clipByValue(x, -1, 1.5),
  }),
  ...unary({ floor: tf.floor, ceil: tf.ceil, round: tf.round }),
  ...unary(
    { log: tf.log, log1p: tf.log1p, reciprocal: tf.reciprocal, sqrt: tf.sqrt, rsqrt: tf.rsqrt },
    { range: [0.2, 3] },
  ),
  ...unary({ acos: tf.acos, asin: tf.asin, atanh: tf.atanh, tan: tf.tan }, { range: [-0.9, 0.9] }),
  ...unary({ acosh: tf.acosh }, { range: [1.1, 4] }),
  ...unary(
    {
      isNaN: (x) => tf.isNaN(tf.log(x)),
      isInf: (x) => tf.isInf(tf.div(x, 0)),
      isFinite: (x) => tf.isFinite(tf.log(x)),
      logicalNot: (x) => tf.logicalNot(bool(x)),
    },
    { gradient: false },
  ),
  ...binary({
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    atan2: tf.atan2,
  }),
  ...binary(NO_BROADCAST_GRADIENT, { gradient: false }),
  ...Object.entries(NO_BROADCAST_GRADIENT).map(([name, run]) =>
    one(`gradient of ${name}`, [of(3, 4), of(3, 4)], run as Case["run"]),
  ),
  ...binary({ div: tf.div, pow: tf.pow }, { range: [0.3, 2] }),
  ...binary({ mod: tf.mod, floorDiv: tf.floorDiv, divNoNan: tf.divNoNan }, { range: [0.3, 4], gradient: false }),
  ...binary(
    {
      equal: (a, b) => tf.equal(tf.round(a), tf.round(b)),
      notEqual: (a, b) => tf.notEqual(tf.round(a), tf.round(b)),
      greater: tf.greater,
      greaterEqual: tf.greaterEqual,
      less: tf.less,
      lessEqual: tf.lessEqual,
      logicalAnd: (a, b) => tf.logicalAnd(bool(a), bool(b)),
      logicalOr: (a, b) => tf.logicalOr(bool(a), bool(b)),
      logicalXor: (a, b) => tf.logicalXor(bool(a), bool(b)),
    },
    { gradient: false },
  ),
  one("addN", [of(2, 3), of(2, 3), of(2, 3)], (...all) => tf.addN(all)),
  one("where", [integers(2, 3), of(2, 3), of(2, 3)], (c, a, b) =>
    tf.where(tf.greater(c as tf.Tensor, 0), a as tf.Tensor, b as tf.Tensor),
  ),
  one("integers", [integers(5), integers(5)], (a, b) => tf.add(tf.mul(a as tf.Tensor, 3), tf.sub(b as tf.Tensor, 7))),
];

const activations: Case[] = [
  ...unary({
    relu: tf.relu,
    relu6: (x) => tf.relu6(tf.mul(x, 4)),
    elu: tf.elu,
    selu: tf.selu,
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    softplus: tf.softplus,
    leakyRelu: (x) => tf.leakyRelu(x, 0.3),
    logSigmoid: tf.logSigmoid,
  }),
  one("prelu", [of(3, 4), of(4)], (x, a) => tf.prelu(x as tf.Tensor, a as tf.Tensor)),
  one("softmax", [of(3, 5)], (x) => tf.softmax(x as tf.Tensor)),
  one("logSoftmax", [of(3, 5)], (x) => tf.logSoftmax(x as tf.Tensor)),
];

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const reduction = (name: string, run: Reduction, more: Partial<Case> = {}): Case[] => [
  one(`${name} of all`, [of(2, 3, 4)], (x) => run(x as tf.Tensor), more),
  one(`${name} of an axis`, [of(2, 3, 4)], (x) => run(x as tf.Tensor, 1), more),
  one(`${name} of the last axis`, [of(2, 3, 4)], (x) => run(x as tf.Tensor, -1, true), more),
  one(`${name} of two axes`, [of(2, 3, 4)], (x) => run(x as tf.Tensor, [0, 2], true), more),
];

const reductions: Case[] = [
  ...reduction("sum", tf.sum),
  ...reduction("mean", tf.mean),
  ...reduction("max", tf.max),
  ...reduction("min", tf.min),
  ...reduction("prod", tf.prod, { gradient: false }),
  ...reduction("all", (x, axis, keep) => tf.all(bool(x), axis, keep), { gradient: false }),
  ...reduction("any", (x, axis, keep) => tf.any(bool(x), axis, keep), { gradient: false }),
  ...reduction("norm", (x, axis, keep) => tf.norm(x, "euclidean", axis, keep)),
  ...reduction("logSumExp", tf.logSumExp),
  one("mean of integers", [integers(4)], (x) => tf.mean(x as tf.Tensor)),
  one("argMax", [of(3, 4)], (x) => tf.argMax(x as tf.Tensor, 1), { gradient: false }),
  one("argMin", [of(3, 4)], (x) => tf.argMin(x as tf.Tensor, 0), { gradient: false }),
  one("cumsum", [of(3, 4)], (x) => tf.cumsum(x as tf.Tensor, 1, true)),
  one("cumsum reversed", [of(3, 4)], (x) => tf.cumsum(x as tf.Tensor, 1, false, true)),
  one("cumprod", [of(3, 4)], (x) => tf.cumprod(x as tf.Tensor, 1), { gradient: false }),
  one("moments", [of(6, 4)], (x) => Object.values(tf.moments(x as tf.Tensor, 0)) as tf.Tensor[]),
];

const products: Case[] = [false, true].flatMap((ta) =>
  [false, true].flatMap((tb) => {
    const [a, b] = [ta ? [4, 3] : [3, 4], tb ? [5, 4] : [4, 5]];
    const run: Case["run"] = (x, y) => tf.matMul(x as tf.Tensor, y as tf.Tensor, ta, tb);
    return [
      one(`matMul ${ta} ${tb}`, [of(...a), of(...b)], run),
      one(`matMul of batches ${ta} ${tb}`, [of(2, 3, ...a), of(2, 3, ...b)], run),
      one(`matMul broadcast ${ta} ${tb}`, [of(2, ...a), of(1, ...b)], run, { gradient: false }),
    ];
  }),
);

const fused: Case[] = (["linear", "relu", "relu6", "elu", "sigmoid"] as const).map((activation) =>
  one(
    `fused product, ${activation}`,
    [of(3, 4), of(4, 5), of(5)],
    (a, b, bias) => tf.fused.matMul({ a: a as tf.Tensor, b: b as tf.Tensor, bias: bias as tf.Tensor, activation }),
    { gradient: activation !== "sigmoid" },
  ),
);

const shapes: Case[] = [
  one("reshape", [of(2, 6)], (x) => tf.reshape(x as tf.Tensor, [3, -1])),
  one("transpose", [of(2, 3, 4)], (x) => tf.transpose(x as tf.Tensor, [2, 0, 1])),
  one("transpose of rank 6", [of(1, 3, 2, 2, 2, 2)], (x) => tf.transpose(x as tf.Tensor, [0, 2, 4, 1, 3, 5])),
  one("expandDims", [of(2, 3)], (x) => tf.expandDims(x as tf.Tensor, -1)),
  one("cast to int32", [of(6)], (x) => tf.cast(x as tf.Tensor, "int32"), { gradient: false }),
  one("cast to bool", [of(6)], (x) => tf.cast(tf.round(x as tf.Tensor), "bool"), { gradient: false }),
  one("cast of bool", [of(6)], (x) => tf.cast(bool(x as tf.Tensor), "float32"), { gradient: false }),
  one("concat", [of(2, 3), of(2, 1)], (a, b) => tf.concat([a as tf.Tensor, b as tf.Tensor], 1)),
  one("concat of rows", [of(2, 3), of(1, 3)], (a, b) => tf.concat([a as tf.Tensor, b as tf.Tensor], 0)),
  one("stack", [of(2, 3), of(2, 3)], (a, b) => tf.stack([a as tf.Tensor, b as tf.Tensor], 1)),
  one("unstack", [of(2, 3)], (x) => tf.unstack(x as tf.Tensor, 1)),
  one("split", [of(4, 6)], (x) => tf.split(x as tf.Tensor, 3, 1)),
  one("split by sizes", [of(4, 6)], (x) => tf.split(x as tf.Tensor, [1, -1, 2], 1)),
  one("tile", [of(2, 3)], (x) => tf.tile(x as tf.Tensor, [2, 3])),
  one("broadcastTo", [of(1, 3)], (x) => tf.broadcastTo(x as tf.Tensor, [4, 3])),
  one("pad", [of(2, 3)], (x) =>
    tf.pad(
      x as tf.Tensor,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  ),
  one(
    "mirrorPad",
    [of(3, 4)],
    (x) =>
      tf.mirrorPad(
        x as tf.Tensor,
        [
          [1, 1],
          [2, 0],
        ],
        "reflect",
      ),
    { gradient: false },
  ),
  one("reverse", [of(3, 4)], (x) => tf.reverse(x as tf.Tensor, 1)),
  one("clone", [of(3, 4)], (x) => tf.clone(x as tf.Tensor)),
];

const selections: Case[] = [
  one("gather", [of(3, 4), integers(6)], (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor1D)),
  one("gather of columns", [of(4, 3), integers(5)], (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor1D, 1)),
  one("gather by a matrix", [of(3, 2), integers(2, 2)], (x, i) => tf.gather(x as tf.Tensor, i as tf.Tensor1D)),
  one("gatherND", [of(3, 3), integers(4, 2)], (x, i) => tf.gatherND(x as tf.Tensor, i as tf.Tensor), {
    gradient: false,
  }),
  one("scatterND", [of(4, 2), integers(4, 1)], (x, i) => tf.scatterND(i as tf.Tensor, x as tf.Tensor, [3, 2]), {
    gradient: false,
  }),
  one(
    "tensorScatterUpdate",
    [of(3, 2), integers(1, 1), of(1, 2)],
    (x, i, u) => tf.tensorScatterUpdate(x as tf.Tensor, i as tf.Tensor, u as tf.Tensor),
    { gradient: false },
  ),
  one("slice", [of(4, 5)], (x) => tf.slice(x as tf.Tensor, [1, 2], [2, -1])),
  one("slice of rows", [of(4, 5)], (x) => tf.slice(x as tf.Tensor, 2)),
  one("stridedSlice", [of(5, 6)], (x) => tf.stridedSlice(x as tf.Tensor, [0, 1], [5, 6], [2, 2]), { gradient: false }),
  one("topk", [of(3, 6)], (x) => Object.values(tf.topk(x as tf.Tensor, 2)) as tf.Tensor[], { gradient: false }),
  one("unsortedSegmentSum", [of(5, 2), integers(5)], (x, i) =>
    tf.unsortedSegmentSum(x as tf.Tensor, i as tf.Tensor1D, 3),
  ),
];

const creations: Case[] = [
  one("fill", [of(2)], (x) => tf.add(x as tf.Tensor, tf.fill([3, 2], 1.5))),
  one("zerosLike", [of(2, 3)], (x) => tf.add(x as tf.Tensor, tf.zerosLike(x as tf.Tensor))),
  one("onesLike", [of(2, 3)], (x) => tf.mul(x as tf.Tensor, tf.onesLike(x as tf.Tensor))),
  one("range", [of(4)], (x) => tf.add(x as tf.Tensor, tf.range(1, 9, 2))),
  one("range of integers", [integers(4)], (x) => tf.add(x as tf.Tensor, tf.range(1, 9, 2, "int32"))),
  one("linspace", [of(5)], (x) => tf.mul(x as tf.Tensor, tf.linspace(0, 1, 5))),
  one("oneHot", [integers(4)], (i) => tf.oneHot(i as tf.Tensor1D, 3, 0.9, 0.1), { gradient: false }),
  one("eye", [of(3, 3)], (x) => tf.matMul(x as tf.Tensor, tf.eye(3))),
];

const nets: Case[] = [
  one("batchNorm", [of(5, 4), of(4), of(4), of(4)], (x, mean, offset, scale) =>
    tf.batchNorm(
      x as tf.Tensor,
      mean as tf.Tensor1D,
      tf.add(tf.square(mean as tf.Tensor), 0.5) as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-3,
    ),
  ),
  one("einsum", [of(3, 4), of(4, 5)], (a, b) => tf.einsum("ij,jk->ki", a as tf.Tensor, b as tf.Tensor), {
    gradient: false,
  }),
  one("sigmoidCrossEntropy", [of(4, 1), of(4, 1)], (y, x) =>
    tf.losses.sigmoidCrossEntropy(tf.sigmoid(y as tf.Tensor), x as tf.Tensor),
  ),
  one("softmaxCrossEntropy", [of(4, 3), of(4, 3)], (y, x) =>
    tf.losses.softmaxCrossEntropy(tf.softmax(y as tf.Tensor), x as tf.Tensor),
  ),
  one("dense", [of(3, 4), of(5, 4), of(5)], (x, w, b) =>
    tf.relu(tf.add(tf.matMul(matrix(x as tf.Tensor), w as tf.Tensor, false, true), b as tf.Tensor)),
  ),
  one("global norm clipping", [of(3, 4), of(5)], (a, b) => {
    const norm = tf.sqrt(tf.add(tf.sum(tf.square(a as tf.Tensor)), tf.sum(tf.square(b as tf.Tensor))));
    const factor = tf.minimum(1, tf.div(1, tf.add(norm, 1e-6)));
    return [tf.mul(a as tf.Tensor, factor), tf.mul(b as tf.Tensor, factor)];
  }),
];

/** Every kernel that can be compiled, at least once. */
export const cases: Case[] = [
  ...elementwise,
  ...activations,
  ...reductions,
  ...products,
  ...fused,
  ...shapes,
  ...selections,
  ...creations,
  ...nets,
];
