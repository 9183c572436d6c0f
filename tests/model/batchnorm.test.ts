import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { batchNormOfBatch, batchNormOfRunning } from "../../lib/model/layers";

const source = random("batchnorm");
const rows = Array.from({ length: 7 }, () => [3 + source.normal(), 10 * source.normal()]);
const scale = [1.5, 0.5];
const shift = [0.1, -2];

function parameters(mean = [0.5, -1], variance = [2, 3]) {
  const variable = (values: number[]) => tf.variable(tf.tensor1d(values), false);
  return {
    "norm.weight": tf.tensor1d(scale as number[]),
    "norm.bias": tf.tensor1d(shift as number[]),
    "norm.running_mean": variable(mean),
    "norm.running_var": variable(variance),
  };
}

const column = (at: number) => rows.map((row) => row[at] as number);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: number[]) => values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0);

function expectNormalised(found: number[][], means: number[], variances: number[]) {
  for (const [i, row] of rows.entries())
    for (const [j, value] of row.entries()) {
      const normal = (value - (means[j] as number)) / Math.sqrt((variances[j] as number) + 1e-5);
      expect(found[i]?.[j]).toBeCloseTo(normal * (scale?.[j] as number) + (shift?.[j] as number), 5);
    }
}

test("in training a batch is normalised by its own mean and biased variance", () => {
  const found = batchNormOfBatch(parameters(), "norm", tf.tensor2d(rows)).arraySync();
  expectNormalised(
    found,
    [0, 1].map(column).map(mean),
    [0, 1].map(column).map((values) => squares(values) / 7),
  );
});

test("the running statistics follow with a tenth, the variance unbiased", () => {
  const following = parameters();
  batchNormOfBatch(following, "norm", tf.tensor2d(rows));
  const means = following["norm.running_mean"].dataSync();
  const variances = following["norm.running_var"].dataSync();
  for (const [at, [oldMean, oldVariance]] of [[0.5, 2] as const, [-1, 3] as const].entries()) {
    expect(means[at]).toBeCloseTo(0.9 * oldMean + 0.1 * mean(column(at)), 5);
    expect(variances[at]).toBeCloseTo(0.9 * oldVariance + (0.1 * squares(column(at))) / 6, 4);
  }
});

test("momentum 1/k makes them the plain mean over batches, whatever they were before", () => {
  const following = parameters([99, 99], [99, 99]);
  const batches = [rows.slice(0, 3), rows.slice(3, 5), rows.slice(5)];
  for (const [index, batch] of batches.entries())
    batchNormOfBatch(following, "norm", tf.tensor2d(batch), tf.scalar(1 / (index + 1)));
  const naive = mean(batches.map((batch) => mean(batch.map((row) => row[0] as number))));
  expect(following["norm.running_mean"].dataSync()[0]).toBeCloseTo(naive, 5);
});

test("in evaluation rows are normalised by the running statistics, which stay", () => {
  const fixed = parameters([1, 2], [4, 9]);
  expectNormalised(batchNormOfRunning(fixed, "norm", tf.tensor2d(rows)).arraySync(), [1, 2], [4, 9]);
  expect([...fixed["norm.running_mean"].dataSync()]).toEqual([1, 2]);
});

test("the gradient through a batch's statistics equals finite differences", () => {
  const weights = rows.map((_, i) => [Math.cos(i), Math.sin(3 * i)]);
  const loss = (x: tf.Tensor2D) => tf.sum(tf.mul(batchNormOfBatch(parameters(), "norm", x), tf.tensor2d(weights)));
  const naive = (x: number[][]) => {
    let sum = 0;
    for (const j of [0, 1]) {
      const values = x.map((row) => row[j] as number);
      const deviation = Math.sqrt(squares(values) / values.length + 1e-5);
      for (const [i, value] of values.entries())
        sum += ((value - mean(values)) / deviation) * (scale?.[j] as number) * (weights[i]?.[j] as number);
    }
    return sum;
  };
  const gradient = tf
    .grad((x) => loss(x as tf.Tensor2D))(tf.tensor2d(rows))
    .arraySync() as number[][];
  for (const i of rows.keys())
    for (const j of [0, 1]) {
      const shifted = (by: number) => naive(rows.map((row, r) => row.map((v, c) => (r === i && c === j ? v + by : v))));
      expect(gradient[i]?.[j]).toBeCloseTo((shifted(1e-5) - shifted(-1e-5)) / 2e-5, 4);
    }
});
