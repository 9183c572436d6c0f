import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { openEngine } from "../../lib/engine";
import { attention, feedForward, gelu, layerNorm } from "../../lib/model";

await openEngine({ backend: "wasm" });

const draw = (shape: number[], name: string): tf.Tensor => {
  const source = random("transformer", name);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => source.uniform() * 2 - 1),
    shape,
  );
};

const [BATCH, TOKENS, HEADS, SIZE] = [2, 3, 2, 4];
const WIDTH = HEADS * SIZE;
const names = { query: "q", key: "k", value: "v", output: "o" };
const weights = Object.fromEntries(
  ["q", "k", "v", "o"].flatMap((name) => [
    [`${name}.weight`, draw([WIDTH, WIDTH], `${name}w`)],
    [`${name}.bias`, draw([WIDTH], `${name}b`)],
  ]),
);

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-5): void {
  expect(found.length).toBe(wanted.length);
  for (let at = 0; at < wanted.length; at++)
    expect(Math.abs((found[at] ?? Number.NaN) - (wanted[at] ?? 0))).toBeLessThan(tolerance);
}

test("layer normalisation equals the loop, and its gradient that of tfjs's own operations", () => {
  const [x, dy] = [draw([3, 5], "x") as tf.Tensor2D, draw([3, 5], "dy")];
  const held = { "norm.weight": draw([5], "g"), "norm.bias": draw([5], "b") };
  const [gain, bias] = [held["norm.weight"].dataSync(), held["norm.bias"].dataSync()];
  const naive = (x.arraySync() as number[][]).flatMap((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / 5;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5;
    return row.map((value, at) => ((value - mean) / Math.sqrt(variance + 1e-5)) * (gain[at] ?? 0) + (bias[at] ?? 0));
  });
  expectClose(layerNorm(held, "norm", x, 1e-5).dataSync(), naive);
  const plain = (values: tf.Tensor) => {
    const { mean, variance } = tf.moments(values, -1, true);
    const normal = tf.div(tf.sub(values, mean), tf.sqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(normal, held["norm.weight"]), held["norm.bias"]);
  };
  const gradient = (norm: (values: tf.Tensor) => tf.Tensor) => tf.grad((values) => tf.sum(tf.mul(norm(values), dy)))(x);
  const own = gradient((values) => layerNorm(held, "norm", values as tf.Tensor2D, 1e-5));
  expectClose(own.dataSync(), gradient(plain).dataSync());
});

test("gelu is exact, not its approximation by tanh", () => {
  // 0.5 x (1 + erf(x / sqrt 2)), by Python's math.erf.
  const known = [
    [-3, -0.004049694],
    [-1, -0.158655254],
    [0, 0],
    [0.5, 0.34573123],
    [2, 1.954499736],
  ] as const;
  expectClose(
    gelu(tf.tensor1d(known.map(([x]) => x))).dataSync(),
    known.map(([, y]) => y),
    1e-6,
  );
});

test("attention equals the loop over texts, heads and tokens, and a large negative bias hides a token", () => {
  const x = draw([BATCH * TOKENS, WIDTH], "tokens") as tf.Tensor2D;
  const hidden = [
    [0, 0, -1e9],
    [0, 0, 0],
  ];
  const bias = tf.tensor(hidden.flat(), [BATCH, 1, 1, TOKENS]);
  const found = attention(weights, names, x, { batch: BATCH, heads: HEADS, bias });
  expectClose(found.dataSync(), naiveAttention(x.arraySync() as number[][], hidden));
});

test("the feed-forward part is two linear layers with the activation between them", () => {
  const x = draw([2, WIDTH], "rows") as tf.Tensor2D;
  const found = feedForward(weights, { inner: "q", output: "v" }, x, (inner) => tf.relu(inner));
  const inner = linear("q", x.arraySync() as number[][]).map((row) => row.map((value) => Math.max(0, value)));
  expectClose(found.dataSync(), linear("v", inner).flat());
});

function linear(name: string, rows: number[][]): number[][] {
  const [weight, bias] = [
    weights[`${name}.weight`]?.arraySync() as number[][],
    weights[`${name}.bias`]?.arraySync() as number[],
  ];
  return rows.map((row) =>
    weight.map((line, out) => line.reduce((sum, value, at) => sum + value * (row[at] ?? 0), bias[out] ?? 0)),
  );
}

function naiveAttention(rows: number[][], bias: number[][]): number[] {
  const [queries, keys, values] = [linear("q", rows), linear("k", rows), linear("v", rows)];
  const mixed = rows.map((_, row) => {
    const text = Math.floor(row / TOKENS);
    const others = Array.from({ length: TOKENS }, (_, at) => text * TOKENS + at);
    return Array.from({ length: WIDTH }, (_, column) => {
      const from = Math.floor(column / SIZE) * SIZE;
      const scores = others.map((other, at) => {
        let dot = 0;
        for (let k = from; k < from + SIZE; k++) dot += (queries[row]?.[k] ?? 0) * (keys[other]?.[k] ?? 0);
        return Math.exp(dot / Math.sqrt(SIZE) + (bias[text]?.[at] ?? 0));
      });
      const total = scores.reduce((sum, score) => sum + score, 0);
      return others.reduce((sum, other, at) => sum + ((scores[at] ?? 0) / total) * (values[other]?.[column] ?? 0), 0);
    });
  });
  return linear("o", mixed).flat();
}
