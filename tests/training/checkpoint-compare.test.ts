import { expect, test } from "vitest";
import { Config } from "../../lib/config";
import { CheckpointMismatch, compareConfig } from "../../lib/training";

const saved = { ...Config.parse({}), dataHash: "a" };

test("the same settings compare equal, whatever the order of their names", () => {
  compareConfig(saved, Object.fromEntries(Object.entries(structuredClone(saved)).reverse()));
});

test("each differing setting is named with both values", () => {
  const current = structuredClone(saved);
  current.training.learningRate = 1e-4;
  current.model.hiddenDim = 256;
  current.dataHash = "b";
  expect(() => compareConfig(saved, current)).toThrow(CheckpointMismatch);
  expect(() => compareConfig(saved, current)).toThrow(
    'dataHash was "a", now "b", model.hiddenDim was 512, now 256, training.learningRate was 0.00002, now 0.0001',
  );
});

test("a setting that one side lacks is a difference", () => {
  const { useSwa: _, ...training } = saved.training;
  expect(() => compareConfig(saved, { ...saved, training })).toThrow("training.useSwa was true, now not set");
});

test("more epochs are no other configuration", () => {
  compareConfig(saved, { ...saved, training: { ...saved.training, epochs: 300 } });
  expect(() => compareConfig(saved, { ...saved, training: { ...saved.training, epochs: 300 } }, [])).toThrow("epochs");
  compareConfig(saved, { ...saved, training: { ...saved.training, folds: 5, recipe: "small" } });
});
