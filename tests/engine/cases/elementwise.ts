import * as tf from "@tensorflow/tfjs";
import { type Binary, binary, bool, type Case, integers, of, one, unary } from "./case";

/** tfjs has their gradients for equal shapes only. */
const NO_BROADCAST_GRADIENT: Record<string, Binary> = {
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
};

export const elementwise: Case[] = [
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
