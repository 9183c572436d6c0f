import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { drawBeta, drawLogGamma, drawMixing, mix } from "../../lib/training/batches";

/** Mean and variance of many draws. */
function moments(draw: () => number, count = 200_000): [mean: number, variance: number] {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  return [sum / count, squares / count - (sum / count) ** 2];
}

test.each([
  [0.3, 0.3],
  [0.3, 0.7],
  [2, 5],
  [1, 1],
])("draws of Beta(%f, %f) have its mean and variance", (alpha, beta) => {
  const source = random("beta", alpha, beta);
  const [mean, variance] = moments(() => drawBeta(source, alpha, beta));
  const total = alpha + beta;
  expect(mean).toBeCloseTo(alpha / total, 2);
  expect(variance).toBeCloseTo((alpha * beta) / (total ** 2 * (total + 1)), 2);
});

test("Beta(0.3, 0.3) is U-shaped: its share below 0.1 is that of its integral", () => {
  const source = random("shape");
  let below = 0;
  for (let i = 0; i < 200_000; i++) if (drawBeta(source, 0.3, 0.3) < 0.1) below++;
  // The integral of t^-0.7 (1-t)^-0.7 from 0 to 0.1 over that from 0 to 1, by the series of (1-t)^-0.7.
  const integral = (to: number) => {
    let term = 1;
    let sum = 0;
    for (let k = 0; k < 60; k++) {
      sum += (term * to ** (k + 0.3)) / (k + 0.3);
      term *= (k + 0.7) / (k + 1);
    }
    return sum;
  };
  const share = integral(0.1) / (2 * integral(0.5));
  expect(below / 200_000).toBeCloseTo(share, 2);
});

test("draws of Gamma(0.3) and Gamma(4.5) have mean and variance of their shape", () => {
  for (const shape of [0.3, 4.5]) {
    const source = random("gamma", shape);
    const [mean, variance] = moments(() => Math.exp(drawLogGamma(source, shape)));
    expect(mean / shape).toBeCloseTo(1, 1);
    expect(variance / shape).toBeCloseTo(1, 1);
  }
});

test("tiny parameters give 0 and 1, never NaN", () => {
  const source = random("tiny");
  for (let i = 0; i < 1000; i++) expect(drawBeta(source, 1e-4, 1e-4)).toBeGreaterThanOrEqual(0);
});

test("a step's mixing depends on seed and step alone, and pairs each with one other", () => {
  const mixing = drawMixing(0.3, 16, 7, 42);
  expect(drawMixing(0.3, 16, 7, 42)).toEqual(mixing);
  expect(drawMixing(0.3, 16, 7, 43).lambda).not.toBe(mixing.lambda);
  expect(drawMixing(0.3, 16, 8, 42).lambda).not.toBe(mixing.lambda);
  expect([...mixing.partners].sort((a, b) => a - b)).toEqual([...Array(16).keys()]);
});

test("without mixup each keeps all of itself", () => {
  expect(drawMixing(0, 4, 7, 42).lambda).toBe(1);
});

test("mixing equals the loop over rows", () => {
  const x = [
    [1, 2],
    [3, 5],
    [8, 13],
  ];
  const mixed = mix(tf.tensor2d(x), tf.tensor1d([2, 0, 1], "int32"), tf.scalar(0.25)).arraySync();
  const partners = [2, 0, 1];
  const naive = x.map((row, i) => row.map((own, j) => 0.25 * own + 0.75 * (x[partners[i] as number]?.[j] as number)));
  expect(mixed).toEqual(naive);
});
