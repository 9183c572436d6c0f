import { expect, test } from "vitest";
import { chooseSource } from "../../lib/notebook/choose-source";
import { settingsOf } from "../../lib/notebook/profile";

const none = { table: null };

test("a table goes before everything", () => {
  const settings = settingsOf("full");
  expect(chooseSource(settings, { table: "videos.csv" }, { YOUTUBE_API_KEY: "k" })).toMatchObject({
    way: "table",
    settings,
  });
});

test("YouTube is asked in the profile full alone, and only with a key", () => {
  expect(chooseSource(settingsOf("full"), none, { YOUTUBE_API_KEY: "k" }).way).toBe("youtube");
  expect(chooseSource(settingsOf("sample"), none, { YOUTUBE_API_KEY: "k" }).way).toBe("sample");
  expect(chooseSource(settingsOf("full"), none, { YOUTUBE_API_KEY: " " }).way).toBe("sample");
});

test("without a key it says how to get one, and the synthetic world keeps to its own home", () => {
  const { why, settings } = chooseSource(settingsOf("full", { seed: 3 }), none, {});
  expect(why).toContain("https://console.cloud.google.com");
  expect(settings.paths).toEqual(settingsOf("sample", { seed: 3 }).paths);
});

test("no key is repeated in what it says", () => {
  const { why } = chooseSource(settingsOf("full"), none, { YOUTUBE_API_KEY: "planted-key" });
  expect(why).not.toContain("planted-key");
});
