import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { auxiliaryLoss, computeLosses, ctrLoss, marginRankingLoss, smoothLabels } from "../../lib/training/losses";

const source = random("losses");
const numbers = (count: number) => Array.from({ length: count }, () => source.uniform());
const winners = numbers(9);
const losers = numbers(9);
const weights = numbers(9);
const ctr = numbers(12);
const targets = numbers(12);
const scores = numbers(24);
const labels = numbers(24);

function naiveMargin(a: number[], b: number[], w: number[], margin: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += (w[i] as number) * Math.max(0, margin - ((a[i] as number) - (b[i] as number)));
  return sum / a.length;
}

function naiveSquares(a: number[], b: number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum / a.length;
}

const smooth = (values: number[], by: number) => values.map((value) => value * (1 - by) + 0.5 * by);
const value = (scalar: tf.Tensor) => scalar.dataSync()[0] as number;

test("margin ranking loss equals the weighted loop over pairs", () => {
  const loss = marginRankingLoss(tf.tensor1d(winners), tf.tensor1d(losers), tf.tensor1d(weights), 0.1);
  expect(value(loss)).toBeCloseTo(naiveMargin(winners, losers, weights, 0.1), 6);
});

test("a winner ahead by the margin costs nothing, one behind costs the margin and the lead", () => {
  const loss = (winner: number, loser: number) =>
    value(marginRankingLoss(tf.tensor1d([winner]), tf.tensor1d([loser]), tf.tensor1d([1]), 0.1));
  expect(loss(0.5, 0.375)).toBe(0);
  expect(loss(0.25, 0.5)).toBeCloseTo(0.35, 6);
  expect(loss(0.5, 0.5)).toBeCloseTo(0.1, 6);
});

test("labels are smoothed as the guide says: 0 to 0.075 and 1 to 0.925", () => {
  expect([...smoothLabels(tf.tensor1d([0, 1, 0.5]), 0.15).dataSync()].map((label) => label.toFixed(4))).toEqual([
    "0.0750",
    "0.9250",
    "0.5000",
  ]);
});

test("CTR loss equals the loop over rows, against smoothed targets", () => {
  const loss = ctrLoss(tf.tensor1d(ctr), tf.tensor1d(targets), 0.15);
  expect(value(loss)).toBeCloseTo(naiveSquares(ctr, smooth(targets, 0.15)), 6);
});

test("auxiliary loss equals the loop over rows and heads", () => {
  const loss = auxiliaryLoss(tf.tensor2d(scores, [4, 6]), tf.tensor2d(labels, [4, 6]));
  expect(value(loss)).toBeCloseTo(naiveSquares(scores, labels), 6);
});

test("the losses of a batch take winners from its first half and losers from its second", () => {
  const output = {
    scores: tf.tensor1d([...winners.slice(0, 2), ...losers.slice(0, 2)]),
    ctr: tf.tensor1d(ctr.slice(0, 4)),
    auxiliary: tf.tensor2d(scores, [4, 6]),
  };
  const truth = { ctr: tf.tensor1d(targets.slice(0, 4)), auxiliary: tf.tensor2d(labels, [4, 6]) };
  const pairWeights = tf.tensor1d(weights.slice(0, 2));
  const losses = computeLosses(
    output,
    { ...truth, pairWeights },
    { marginRanking: 0.2, labelSmoothing: 0.15 },
  ).dataSync();
  expect(losses[0]).toBeCloseTo(naiveMargin(winners.slice(0, 2), losers.slice(0, 2), weights, 0.2), 6);
  expect(losses[1]).toBeCloseTo(naiveSquares(ctr.slice(0, 4), smooth(targets.slice(0, 4), 0.15)), 6);
  expect(losses[2]).toBeCloseTo(naiveSquares(scores, labels), 6);
});

const gradients: [string, (x: tf.Tensor1D) => tf.Scalar, (x: number[]) => number, number[]][] = [
  [
    "margin ranking loss by the winners",
    (x) => marginRankingLoss(x, tf.tensor1d(losers), tf.tensor1d(weights), 0.1),
    (x) => naiveMargin(x, losers, weights, 0.1),
    winners,
  ],
  [
    "margin ranking loss by the losers",
    (x) => marginRankingLoss(tf.tensor1d(winners), x, tf.tensor1d(weights), 0.1),
    (x) => naiveMargin(winners, x, weights, 0.1),
    losers,
  ],
  ["CTR loss", (x) => ctrLoss(x, tf.tensor1d(targets), 0.15), (x) => naiveSquares(x, smooth(targets, 0.15)), ctr],
  [
    "auxiliary loss",
    (x) => auxiliaryLoss(tf.reshape(x, [4, 6]), tf.tensor2d(labels, [4, 6])),
    (x) => naiveSquares(x, labels),
    scores,
  ],
];

test.each(gradients)("the gradient of the %s equals finite differences", (_name, loss, naive, at) => {
  const gradient = tf
    .grad((x) => loss(x as tf.Tensor1D))(tf.tensor1d(at))
    .dataSync();
  const shifted = (index: number, by: number) => naive(at.map((number, i) => (i === index ? number + by : number)));
  for (const index of at.keys())
    expect(gradient[index]).toBeCloseTo((shifted(index, 1e-6) - shifted(index, -1e-6)) / 2e-6, 5);
});
