import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { type Columns, fitLogistic, minimise, pairwiseLogistic, STRENGTHS } from "../../lib/evaluation/logistic";
import { asFloat32 } from "../../lib/features";
import { pairwiseAuc } from "../../lib/metrics/ranking";
import { plantedWorld } from "./world";

const { data } = plantedWorld();
const stride = data.imageDim + data.textDim;
/** The title's half: columns that do not start at 0. */
const columns: Columns = { features: asFloat32(data.features), stride, from: data.imageDim, width: data.textDim };
const { train, validation, test: held } = data.pairs;
const source = random(2, "logistic test");

/** The loss as written in the doc, with the differences written out. */
function naiveLoss(w: ArrayLike<number>, strength: number): number {
  let sum = 0;
  for (let pair = 0; pair < train.winners.length; pair++) {
    let margin = 0;
    for (let column = 0; column < columns.width; column++) {
      const at = (row: number) => data.features[row * stride + columns.from + column] as number;
      margin += (w[column] as number) * (at(train.winners[pair] as number) - at(train.losers[pair] as number));
    }
    sum += Math.log(1 + Math.exp(-margin));
  }
  const squares = Array.from(w).reduce((total, value) => total + value * value, 0);
  return sum / train.winners.length + (strength / 2) * squares;
}

function centralDifferences(loss: (w: Float64Array) => number, w: Float64Array, step = 1e-5): number[] {
  return Array.from(w, (_, at) => {
    const moved = (by: number) => w.map((value, column) => (column === at ? value + by : value));
    return (loss(moved(step)) - loss(moved(-step))) / (2 * step);
  });
}

test("value and gradient equal the loop over pairs and finite differences", () => {
  const w = Float64Array.from({ length: columns.width }, () => source.normal());
  const objective = pairwiseLogistic(columns, train, 0.3);
  expect(objective.value(w)).toBeCloseTo(naiveLoss(w, 0.3), 10);
  const { gradient } = objective.slopes(w);
  const expected = centralDifferences((at) => naiveLoss(at, 0.3), w);
  for (const [at, slope] of expected.entries()) expect(gradient[at]).toBeCloseTo(slope, 7);
});

test("the curvature equals finite differences of the gradient", () => {
  const w = Float64Array.from({ length: columns.width }, () => source.normal());
  const v = Float64Array.from({ length: columns.width }, () => source.normal());
  const objective = pairwiseLogistic(columns, train, 0.3);
  const moved = (by: number) => objective.slopes(w.map((value, at) => value + by * (v[at] as number))).gradient;
  const ahead = moved(1e-5);
  const behind = moved(-1e-5);
  const bent = objective.slopes(w).curvature(v);
  for (const [at, value] of bent.entries()) {
    expect(value).toBeCloseTo(((ahead[at] as number) - (behind[at] as number)) / 2e-5, 7);
  }
});

test("the minimum equals that of plain gradient descent", () => {
  const objective = pairwiseLogistic(columns, train, 0.05);
  const { w, converged, gradientNorm } = minimise(objective, new Float64Array(columns.width), 1e-9);
  expect(converged).toBe(true);
  expect(gradientNorm).toBeLessThanOrEqual(1e-9);
  let plain = new Float64Array(columns.width);
  for (let step = 0; step < 3000; step++) {
    const { gradient } = objective.slopes(plain);
    plain = plain.map((value, at) => value - 1 * (gradient[at] as number));
  }
  for (const [at, value] of w.entries()) expect(value).toBeCloseTo(plain[at] as number, 5);
});

test("separable pairs still have one minimum, found from any start", () => {
  const features = Float32Array.from([1, 0, 0, 1]);
  const all: Columns = { features, stride: 2, from: 0, width: 2 };
  const objective = pairwiseLogistic(all, { winners: Int32Array.of(0), losers: Int32Array.of(1) }, 1e-3);
  const near = minimise(objective, new Float64Array(2), 1e-10);
  const far = minimise(objective, Float64Array.of(-500, 300), 1e-10);
  expect(near.converged && far.converged).toBe(true);
  for (const at of [0, 1]) expect(near.w[at]).toBeCloseTo(far.w[at] as number, 5);
});

test("the fit ranks unseen channels nearly as well as the true appeal", () => {
  const world = plantedWorld({ channels: { train: 30, validation: 8, test: 10 } });
  const whole: Columns = { features: asFloat32(world.data.features), stride, from: 0, width: stride };
  const fit = fitLogistic(whole, world.data.pairs.train, world.data.pairs.validation);
  const truth = world.data.videos.map((video) => world.appeal.get(video.videoId) as number);
  const best = pairwiseAuc(truth, world.data.pairs.test);
  expect(pairwiseAuc(fit?.scores ?? [], world.data.pairs.test)).toBeGreaterThan(best - 0.03);
  expect(fit?.converged).toBe(true);
});

test("the strength is the one that ranks the validation pairs best, the strongest where there are none", () => {
  const fit = fitLogistic(columns, train, validation);
  const byHand = STRENGTHS.map((strength) => {
    const { w } = minimise(pairwiseLogistic(columns, train, strength), new Float64Array(columns.width), 1e-9);
    const scores = data.videos.map((_, row) =>
      Array.from(w).reduce(
        (sum, value, at) => sum + value * (data.features[row * stride + columns.from + at] as number),
        0,
      ),
    );
    return pairwiseAuc(scores, validation);
  });
  expect(fit?.validationAuc).toBeCloseTo(Math.max(...byHand), 2);
  const none = { winners: new Int32Array(0), losers: new Int32Array(0) };
  expect(fitLogistic(columns, train, none)).toMatchObject({ strength: STRENGTHS[0], validationAuc: Number.NaN });
  expect(fitLogistic(columns, none, held)).toBeNull();
});
