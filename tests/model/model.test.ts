import { expect, test } from "vitest";
import { AUXILIARY_HEADS, ThumbnailRankingModel } from "../../lib/model";

const SMALL = { clipDim: 12, textDim: 6, hiddenDim: 16 };

test("the guide's model has its widths, and weights laid out as PyTorch's", () => {
  const { specs, inputDim } = new ThumbnailRankingModel();
  const shapes = Object.fromEntries(specs.map(({ name, shape }) => [name, shape]));
  expect(inputDim).toBe(1152);
  expect(shapes).toMatchObject({
    "projection.weight": [512, 1152],
    "pairwise.0.weight": [256, 512],
    "pairwise.3.weight": [128, 256],
    "pairwise.6.weight": [1, 128],
    "ctr.0.weight": [512, 512],
    "ctr.2.running_var": [512],
    "ctr.4.weight": [256, 512],
    "ctr.8.weight": [1, 256],
    "auxiliary.title_match.0.weight": [256, 512],
    "auxiliary.title_match.3.bias": [1],
  });
  expect(AUXILIARY_HEADS).toHaveLength(6);
});

test("linear layers start uniform within 1/sqrt(inputs), BatchNorm as the identity", () => {
  const { weights } = new ThumbnailRankingModel({}, { seed: 4 });
  const projection = weights["projection.weight"]?.values as Float32Array;
  const bound = 1 / Math.sqrt(1152);
  const variance = projection.reduce((sum, value) => sum + value * value, 0) / projection.length;
  expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 2);
  expect(Math.max(...projection.subarray(0, 10_000))).toBeLessThanOrEqual(bound);
  expect(new Set(weights["ctr.2.weight"]?.values)).toEqual(new Set([1]));
  expect(new Set(weights["ctr.2.running_mean"]?.values)).toEqual(new Set([0]));
});

test("initial weights follow the seed alone, and no two layers are alike", () => {
  const of = (seed: number) => new ThumbnailRankingModel(SMALL, { seed }).weights;
  expect(of(1)).toEqual(of(1));
  expect(of(1)["projection.weight"]).not.toEqual(of(2)["projection.weight"]);
  expect(of(1)["auxiliary.clarity.0.weight"]).not.toEqual(of(1)["auxiliary.emotion.0.weight"]);
});

test.each([{ freezeClip: false }, { fineTuneBlocks: 4 }, { fineTuneBlocks: "all" as const }])(
  "%o both freezes CLIP and fine-tunes it, or neither, and is refused",
  (options) => {
    expect(() => new ThumbnailRankingModel(options)).toThrow(/contradicts fineTuneBlocks.*phase/);
  },
);

test.each([4, 12, "all" as const])("the guide's model can be one that fine-tunes %s blocks", (fineTuneBlocks) => {
  const { specs, towerNames } = new ThumbnailRankingModel({ freezeClip: false, fineTuneBlocks });
  expect(specs).toEqual(new ThumbnailRankingModel().specs);
  expect(towerNames).toEqual([]);
});

test("impossible options are refused", () => {
  expect(() => new ThumbnailRankingModel({ hiddenDim: 30 })).toThrow(/hiddenDim/);
});

test("weights of another model are refused with what differs", () => {
  const model = new ThumbnailRankingModel(SMALL);
  const { "projection.bias": _gone, ...rest } = model.weights;
  const wrong = {
    ...rest,
    "ctr.8.bias": { shape: [2], values: new Float32Array(2) },
    stranger: { shape: [], values: new Float32Array(1) },
  };
  const refused = () => model.withWeights(wrong);
  expect(refused).toThrow(/projection\.bias is missing/);
  expect(refused).toThrow(/ctr\.8\.bias is \[2\], not \[1\]/);
  expect(refused).toThrow(/stranger is unknown/);
});
