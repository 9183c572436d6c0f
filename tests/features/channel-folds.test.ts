import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { divideChannels, type PairSet, selectFold, type TrainingData } from "../../lib/features";
import { planted } from "../training/planted";

/** Twelve training channels, of which channel c has about 2^(c / 2) pairs; the validation fold has one channel. */
function unevenWorld(): TrainingData {
  const { videos, ...data } = planted({ perChannel: 2 });
  const source = random("uneven");
  const channels = Array.from({ length: 13 }, (_, channel) => `c${channel}`);
  const rows = channels.flatMap((channelId, channel) =>
    videos.slice(0, 2).map((video, n) => ({
      ...video,
      channelId,
      videoId: `${channelId}-${n}`,
      fold: channel < 12 ? ("train" as const) : ("validation" as const),
    })),
  );
  const winners = channels.slice(0, 12).flatMap((_, channel) => {
    const pairs = Math.round(2 ** (channel / 2));
    return Array.from({ length: pairs }, () => 2 * channel + source.integer(2));
  });
  const train: PairSet = {
    winners: Int32Array.from(winners),
    losers: Int32Array.from(winners, (row) => row ^ 1),
    margins: Float32Array.from(winners, () => source.uniform()),
    weights: Float32Array.from(winners, () => 0.5 + source.uniform()),
  };
  const validation = { ...train, winners: Int32Array.of(24), losers: Int32Array.of(25) };
  return { ...data, videos: rows, pairs: { ...data.pairs, train, validation } };
}

const world = unevenWorld();
const channelOf = (row: number) => world.videos[row]?.channelId ?? "";
const pairsIn = (channels: string[]) =>
  [...world.pairs.train.winners].filter((row) => channels.includes(channelOf(row))).length;

test("each training channel is in one fold, and folds differ by no more pairs than the largest channel has", () => {
  for (let seed = 0; seed < 20; seed++) {
    const divided = divideChannels(world, 5, seed);
    expect(divided.flat()).toHaveLength(12);
    expect(new Set(divided.flat())).toEqual(new Set(Array.from({ length: 12 }, (_, channel) => `c${channel}`)));
    expect(divided.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([2, 2, 2, 3, 3]);
    const pairs = divided.map(pairsIn);
    expect(Math.max(...pairs) - Math.min(...pairs)).toBeLessThanOrEqual(pairsIn(["c11"]));
  }
});

test("the seed draws which channels are together, and draws the same again", () => {
  expect(divideChannels(world, 5, 1)).toEqual(divideChannels(world, 5, 1));
  const draws = Array.from({ length: 10 }, (_, seed) => JSON.stringify(divideChannels(world, 5, seed)));
  expect(new Set(draws).size).toBeGreaterThan(5);
});

test("with fewer channels than folds each channel is a fold", () => {
  expect(divideChannels(world, 50, 0).map(({ length }) => length)).toEqual(Array(12).fill(1));
});

test("a fold is validated on its own channels' pairs and trained on the other training channels' alone", () => {
  const [channels = []] = divideChannels(world, 5, 0);
  const { videos, pairs, features } = selectFold(world, channels);
  const shown = ({ winners, losers, margins }: PairSet) =>
    [...winners].map((winner, pair) => [winner, losers[pair], margins[pair]]);
  const isHeldOut = ([winner = 0]: (number | undefined)[]) => channels.includes(channelOf(winner));
  const all = shown(world.pairs.train);
  expect(shown(pairs.validation)).toEqual(all.filter(isHeldOut));
  expect(shown(pairs.train)).toEqual(all.filter((pair) => !isHeldOut(pair)));
  expect([pairs.test.winners.length, pairs.time.winners.length]).toEqual([0, 0]);
  expect(features).toBe(world.features);
  const validated = videos.filter(({ fold }) => fold === "validation").map(({ channelId }) => channelId);
  expect(new Set(validated)).toEqual(new Set(channels));
  expect(videos.filter(({ fold }) => fold === "train").some(({ channelId }) => channels.includes(channelId))).toBe(
    false,
  );
});

test("pairs keep the ratios of their weights, whose mean is 1 again", () => {
  const [channels = []] = divideChannels(world, 5, 0);
  const { train } = selectFold(world, channels).pairs;
  const own = [...world.pairs.train.weights].filter(
    (_, pair) => !channels.includes(channelOf(world.pairs.train.winners[pair] ?? 0)),
  );
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
  expect([...train.weights]).toEqual(own.map((weight) => expect.closeTo(weight / mean, 5)));
});

test("each fold has a hash of its own", () => {
  const hashes = divideChannels(world, 5, 0).map((channels) => selectFold(world, channels).dataHash);
  expect(new Set([world.dataHash, ...hashes]).size).toBe(6);
});
