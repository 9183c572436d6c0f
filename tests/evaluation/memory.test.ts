import { expect, test } from "vitest";
import { memorisedScores, splitInHalf } from "../../lib/evaluation";
import { pairwiseAuc } from "../../lib/metrics/ranking";
import { plantedWorld } from "./world";

const { data } = plantedWorld({ noise: 1 });

test("remembered scores are shares of pairs won; a video in no pair gets one half", () => {
  const pairs = { winners: [0, 0, 1], losers: [1, 2, 2] };
  expect([...memorisedScores(4, pairs)]).toEqual([1, 0.5, 0, 0.5]);
});

test("halves at random hold every pair once, and the seed fixes them", () => {
  const { winners, losers } = data.pairs.train;
  const [first, second] = splitInHalf(data.pairs.train, 5);
  const keys = [first, second].flatMap((half) =>
    Array.from(half.winners, (winner, at) => `${winner}-${half.losers[at]}`),
  );
  const inOrder = (all: string[]) => all.toSorted((one, other) => one.localeCompare(other));
  expect(inOrder(keys)).toEqual(inOrder(Array.from(winners, (winner, at) => `${winner}-${losers[at]}`)));
  expect(Math.abs(first.winners.length - second.winners.length)).toBeLessThanOrEqual(1);
  expect(splitInHalf(data.pairs.train, 5)).toEqual([first, second]);
  expect(splitInHalf(data.pairs.train, 6)).not.toEqual([first, second]);
});

test("mere memory looks brilliant on a random split, and is at chance on unseen channels", () => {
  const [train, test] = splitInHalf(data.pairs.train, 1);
  expect(pairwiseAuc(memorisedScores(data.videos.length, train), test)).toBeGreaterThan(0.85);
  const remembered = memorisedScores(data.videos.length, data.pairs.train);
  expect(pairwiseAuc(remembered, data.pairs.test)).toBe(0.5);
  expect(pairwiseAuc(remembered, data.pairs.time)).toBe(0.5);
});
