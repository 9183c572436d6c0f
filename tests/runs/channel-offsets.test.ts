import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import type { TrainingData } from "../../lib/features";
import { pairwiseAuc } from "../../lib/metrics";
import { adjustedScores, fitChannelOffsets, formatOffsets, parseOffsets } from "../../lib/runs";
import { plantedWorld } from "../evaluation/world";

const OPPOSITE = "train-0";

/**
 * A world of one taste but for one channel, which likes the opposite. The global score knows the common taste.
 */
function worldOfTastes() {
  const { data, appeal } = plantedWorld({ channels: { train: 8, validation: 4, test: 3 }, videosPerChannel: 60 });
  const source = random(9, "tastes");
  const scores = Float64Array.from(data.videos, ({ videoId }) => appeal.get(videoId) as number);
  const likes = data.videos.map(({ channelId }, row) => {
    const liked = channelId === OPPOSITE ? -(scores[row] as number) : (scores[row] as number);
    return liked + 0.3 * source.normal();
  });
  const rank = (row: number) => {
    const own = likes.filter((_, other) => data.videos[other]?.channelId === data.videos[row]?.channelId);
    return own.filter((value) => value < (likes[row] as number)).length / own.length;
  };
  const ctrTargets = Float32Array.from(data.videos.keys(), rank);
  return { data: { ...data, ctrTargets }, scores, likes };
}

const { data, scores, likes } = worldOfTastes();
const offsets = fitChannelOffsets(data, scores);
if (offsets === null) throw new Error("nothing was fitted");
const adjusted = adjustedScores(data, scores, offsets);

/** AUC of scores on all pairs of later videos of some channels. */
function laterAuc(of: ArrayLike<number>, isIn: (channelId: string) => boolean): number {
  const rows = [...data.videos.keys()].filter((row) => data.videos[row]?.fold === "time");
  const pairs = rows
    .flatMap((winner) => rows.map((loser) => ({ winner, loser })))
    .filter(({ winner, loser }) => {
      const channelId = data.videos[winner]?.channelId ?? "";
      return (
        isIn(channelId) &&
        channelId === data.videos[loser]?.channelId &&
        (likes[winner] as number) > (likes[loser] as number)
      );
    });
  return pairwiseAuc(of, { winners: pairs.map(({ winner }) => winner), losers: pairs.map(({ loser }) => loser) });
}

test("a channel of the opposite taste is ranked against the global model, the others as well as before", () => {
  expect(laterAuc(scores, (channelId) => channelId === OPPOSITE)).toBeLessThan(0.2);
  expect(laterAuc(adjusted, (channelId) => channelId === OPPOSITE)).toBeGreaterThan(0.75);
  const before = laterAuc(scores, (channelId) => channelId !== OPPOSITE);
  expect(laterAuc(adjusted, (channelId) => channelId !== OPPOSITE)).toBeGreaterThan(before - 0.03);
});

test("scores of channels without an offset stay as they were", () => {
  const unknown = [...data.videos.keys()].filter((row) =>
    ["validation", "test"].includes(data.videos[row]?.fold ?? ""),
  );
  for (const row of unknown) expect(adjusted[row]).toBe(Math.fround(scores[row] as number));
  expect([...offsets.channels.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual(
    Array.from({ length: 8 }, (_, channel) => `train-${channel}`),
  );
});

test("it is the ridge regression of what the score leaves of the label, scaled to the score's spread", () => {
  const naive = naiveScores(data, scores, offsets.lambda);
  for (const [row, video] of data.videos.entries())
    if (video.channelId === "train-3") expect(adjusted[row]).toBeCloseTo(naive(row), 4);
});

test("the strength has the least error on past videos that were held out", () => {
  const error = (lambda: number) => naiveError(data, scores, lambda);
  for (const lambda of [0.1, 0.3, 1, 3, 10, 30, 100])
    expect(error(offsets.lambda)).toBeLessThanOrEqual(error(lambda) + 1e-9);
});

test("labels that embeddings say nothing about give no offsets, nor do channels with few past videos", () => {
  const source = random(3, "noise");
  const noise = { ...data, ctrTargets: Float32Array.from(data.videos, () => source.uniform()) };
  const flat = scores.map(() => source.normal());
  expect(fitChannelOffsets(noise, flat)).toBeNull();
  expect(fitChannelOffsets(noise, scores)).toBeNull();
  const { data: few } = plantedWorld({ channels: { train: 5, validation: 3, test: 2 }, videosPerChannel: 20 });
  expect(fitChannelOffsets(few, scores.subarray(0, few.videos.length))).toBeNull();
  const unvalidated = { ...data, videos: data.videos.map((video) => ({ ...video, fold: "train" as const })) };
  expect(fitChannelOffsets(unvalidated, scores)).toBeNull();
});

test("they are the same after they were written and read, and a file of another width is refused", () => {
  const { card, bytes } = formatOffsets(offsets);
  const width = data.imageDim + data.textDim;
  const read = parseOffsets(JSON.parse(JSON.stringify(card)), bytes, width);
  expect(adjustedScores(data, scores, read)).toEqual(adjusted);
  expect(() => parseOffsets(card, bytes, width + 1)).toThrow(RangeError);
  // 4 bytes for each dimension, share and constant, beside the header.
  expect(bytes.length).toBeLessThan(8 * (width + 2) * 4 + 400);
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/** z-scores and centred labels of the rows of one channel and fold. */
function standardised(of: TrainingData, given: ArrayLike<number>, rows: number[]) {
  const own = rows.map((row) => given[row] as number);
  const labels = rows.map((row) => of.ctrTargets[row] as number);
  return {
    z: own.map((score) => (score - mean(own)) / deviation(own)),
    labels: labels.map((label) => label - mean(labels)),
    middle: mean(own),
    spread: deviation(own),
  };
}

function rowsOf(of: TrainingData, fold: string): number[][] {
  const channels = [...new Set(of.videos.map(({ channelId }) => channelId))];
  return channels
    .map((channelId) =>
      [...of.videos.keys()].filter((row) => of.videos[row]?.channelId === channelId && of.videos[row]?.fold === fold),
    )
    .filter(({ length }) => length > 0);
}

function naiveWorth(of: TrainingData, given: ArrayLike<number>): number {
  const both = rowsOf(of, "validation").map((rows) => standardised(of, given, rows));
  const products = both.flatMap(({ z, labels }) => z.map((value, i) => value * (labels[i] as number)));
  const squares = both.flatMap(({ z }) => z.map((value) => value * value));
  return mean(products) / mean(squares);
}

const vector = (of: TrainingData, row: number) =>
  Array.from(of.features.slice(row * (of.imageDim + of.textDim), (row + 1) * (of.imageDim + of.textDim)));

/** Ridge weights from the normal equations, (X'X + lambda I) w = X'y, by Gaussian elimination. */
function naiveRidge(x: number[][], y: number[], lambda: number): number[] {
  const width = x[0]?.length ?? 0;
  const system = Array.from({ length: width }, (_, i) => [
    ...Array.from({ length: width }, (_, j) =>
      x.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), i === j ? lambda : 0),
    ),
    x.reduce((sum, row, k) => sum + (row[i] as number) * (y[k] as number), 0),
  ]);
  for (const [i, pivot] of system.entries()) {
    for (const [j, row] of system.entries()) {
      if (i === j) continue;
      const factor = (row[i] as number) / (pivot[i] as number);
      for (let k = i; k <= width; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
    }
  }
  return system.map((row, i) => (row[width] as number) / (row[i] as number));
}

/** The residuals and centred embeddings of a channel's past, and its offsets on parts that were held out. */
function naivePast(of: TrainingData, given: ArrayLike<number>, rows: number[], lambda: number) {
  const { z, labels, middle, spread } = standardised(of, given, rows);
  const worth = naiveWorth(of, given);
  const y = labels.map((label, i) => label - worth * (z[i] as number));
  const vectors = rows.map((row) => vector(of, row));
  const centre = vectors[0]?.map((_, column) => mean(vectors.map((one) => one[column] as number))) ?? [];
  const x = vectors.map((one) => one.map((value, column) => value - (centre[column] as number)));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const out = x.map((one, i) => {
    const kept = [...x.keys()].filter((other) => other % 5 !== i % 5);
    const pick = <Value>(values: Value[]) => kept.map((other) => values[other] as Value);
    return dot(naiveRidge(pick(x), pick(y), lambda), one);
  });
  return { x, y, out, centre, middle, spread, worth, dot };
}

function naiveError(of: TrainingData, given: ArrayLike<number>, lambda: number): number {
  return rowsOf(of, "train").reduce((sum, rows) => {
    const { y, out } = naivePast(of, given, rows, lambda);
    return sum + y.reduce((squares, value, i) => squares + (value - (out[i] as number)) ** 2, 0);
  }, 0);
}

/** (weight x z + offset), scaled to the spread of the scores, by row of the channel "train-3". */
function naiveScores(of: TrainingData, given: ArrayLike<number>, lambda: number): (row: number) => number {
  const pasts = rowsOf(of, "train").map((rows) => ({ rows, ...naivePast(of, given, rows, lambda) }));
  const spreads = pasts.map(({ out }) => deviation(out)).toSorted((a, b) => a - b);
  const median = ((spreads[3] as number) + (spreads[4] as number)) / 2;
  const own = pasts.find(({ rows }) => of.videos[rows[0] as number]?.channelId === "train-3");
  if (own === undefined) throw new Error("no channel train-3");
  const { x, y, out, centre, middle, spread, worth, dot } = own;
  const weight = Math.max(worth, median);
  const w = naiveRidge(x, y, lambda);
  return (row) => {
    const deviations = vector(of, row).map((value, column) => value - (centre[column] as number));
    const z = ((given[row] as number) - middle) / spread;
    return middle + (spread * (weight * z + dot(w, deviations))) / Math.hypot(weight, deviation(out));
  };
}
