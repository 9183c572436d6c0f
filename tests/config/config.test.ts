import { join } from "node:path";
import { expect, test } from "vitest";
import { Config, configure, ModelOptions, resolvePaths, StoredOptions, TrainingOptions } from "../../lib/config";

test("defaults are the guide's numbers", () => {
  const { quality, pairs, model, training } = configure(Config, {});
  expect(quality).toMatchObject({ windowDays: 90, minViews: 1000, minChannelVideos: 10, minSubscribers: 100 });
  expect(quality).toMatchObject({ minDurationSeconds: 60, maxDurationSeconds: 3600, maxDeviations: 3, language: "en" });
  expect(pairs).toMatchObject({ windowDays: 30, proxy: "viewsPerHour" });
  expect(model).toEqual({
    clipDim: 768,
    textDim: 384,
    freezeClip: true,
    fineTuneBlocks: 0,
    loraRank: 0,
    loraAlpha: 16,
    hiddenDim: 512,
  });
  expect(training).toMatchObject({ epochs: 200, batchSize: 16, learningRate: 2e-5, labelSmoothing: 0.15 });
  expect(training).toMatchObject({
    mixupAlpha: 0.3,
    useSwa: true,
    swaStart: 150,
    maxGradientNorm: 1,
    weightDecay: 0.01,
  });
});

test("a wrong value and an unknown setting are both named", () => {
  expect(() => configure(Config, { training: { epochs: 0 }, modle: {} })).toThrow(
    "training.epochs 0: must be a whole number from 1 to 100000 (epochs); modle: there is no such setting",
  );
});

test("the home is the flag's, else the environment's, else the project's root", () => {
  expect(resolvePaths("/flag", { THUMBRANK_HOME: "/environment" }).store).toBe("/flag/data/store");
  expect(resolvePaths(undefined, { THUMBRANK_HOME: "/environment" }).models).toBe("/environment/models");
  expect(resolvePaths(undefined, {}).home).toBe(join(__dirname, "..", ".."));
});

test("what is stored is read without the bounds of new work, but is of the right types", () => {
  const stored = {
    model: {
      clipDim: 768,
      textDim: 384,
      freezeClip: true,
      fineTuneBlocks: 0,
      loraRank: 0,
      loraAlpha: 16,
      hiddenDim: 16_384,
    },
    training: { ...configure(TrainingOptions, {}), learningRate: 1000, batchSize: 100_000, epochs: 1_000_000 },
  };
  expect(configure(StoredOptions, stored)).toEqual(stored);
  expect(() => configure(ModelOptions, stored.model)).toThrow("hiddenDim 16384: must be a whole number from 4 to 8192");
  expect(StoredOptions.safeParse({ ...stored, model: { ...stored.model, hiddenDim: 512.5 } }).success).toBe(false);
  expect(StoredOptions.safeParse({ ...stored, model: { ...stored.model, hiddenDim: "512" } }).success).toBe(false);
  expect(StoredOptions.safeParse({ ...stored, model: { ...stored.model, depth: 2 } }).success).toBe(false);
  const { seed: _, ctrTarget, ...older } = stored.training;
  const read = configure(StoredOptions, { ...stored, training: older }).training;
  expect(read.seed).toBe(0);
  // Before there was the setting all were trained as "channel" trains now.
  expect([ctrTarget, read.ctrTarget]).toEqual(["neighbours", "channel"]);
});
