import { join } from "node:path";
import { expect, test } from "vitest";
import { configure, PairOptions, resolvePaths, SAMPLE_SETTINGS, TrainingOptions } from "../../lib/config";
import { type Profile, settingsOf } from "../../lib/notebook/profile";

test("the sample profile is the demo's world and settings, so its figures are those of the README", () => {
  const { sample, pairs, training, seed, encoders } = settingsOf("sample");
  expect(sample).toEqual({ channels: 24, videosPerChannel: 50, seed: 0 });
  expect(pairs).toEqual(configure(PairOptions, SAMPLE_SETTINGS.pairs));
  expect(training).toEqual(configure(TrainingOptions, { ...SAMPLE_SETTINGS.training, seed: 0 }));
  expect(seed).toBe(0);
  expect(encoders).toEqual({ image: "descriptor", text: "title-hash" });
});

test("the full profile is the guide's settings on the project's own home", () => {
  const { sample, pairs, training, paths, encoders } = settingsOf("full");
  expect(sample).toBeNull();
  expect([pairs, training]).toEqual([configure(PairOptions, {}), configure(TrainingOptions, {})]);
  expect([training.epochs, training.swaStart]).toEqual([200, 150]);
  expect(paths).toEqual(resolvePaths());
  expect(encoders).toEqual({ image: "clip-vit-l-14", text: "minilm" });
});

test("every profile and every seed has a home of its own, unless one is given", () => {
  const homes = (["smoke", "sample", "full"] as Profile[]).flatMap((profile) =>
    [0, 1].map((seed) => settingsOf(profile, { seed }).paths.home),
  );
  expect(homes[0]).toBe(join(resolvePaths().home, "data", "notebooks", "smoke"));
  expect(new Set(homes).size).toBe(5); // the full profile's videos are yours whatever the seed
  expect(settingsOf("smoke", { home: "elsewhere" }).paths.home).toBe(join(process.cwd(), "elsewhere"));
});

test.each([
  [24, 12],
  [5, 3],
  [2, 1],
  [1, 0],
])("of %i epochs, weights are averaged from epoch %i on", (epochs, swaStart) => {
  const { training } = settingsOf("sample", { epochs });
  expect(training).toMatchObject({ epochs, swaStart });
});

test("epochs that make no training are refused", () => {
  expect(() => settingsOf("smoke", { epochs: 0 })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

test("the table of settings names the home without the folders above the project", () => {
  const rows = settingsOf("smoke").describe();
  expect(rows.find(({ setting }) => setting === "home")?.here).toBe(join("data", "notebooks", "smoke"));
  expect(rows.find(({ setting }) => setting === "epochs")).toMatchObject({ here: "3", guide: "200" });
});
