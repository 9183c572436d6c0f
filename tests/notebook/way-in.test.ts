import { expect, test } from "vitest";
import { settingsOf } from "../../lib/notebook/profile";
import { wayIn } from "../../lib/notebook/way-in";

const none = { table: null };

test("a table goes before everything", () => {
  const settings = settingsOf("full");
  expect(wayIn(settings, { table: "videos.csv" }, { YOUTUBE_API_KEY: "k" })).toMatchObject({ way: "table", settings });
});

test("YouTube is asked in the profile full alone, and only with a key", () => {
  expect(wayIn(settingsOf("full"), none, { YOUTUBE_API_KEY: "k" }).way).toBe("youtube");
  expect(wayIn(settingsOf("sample"), none, { YOUTUBE_API_KEY: "k" }).way).toBe("sample");
  expect(wayIn(settingsOf("full"), none, { YOUTUBE_API_KEY: " " }).way).toBe("sample");
});

test("without a key it says how to get one, and the synthetic world keeps to its own home", () => {
  const { why, settings } = wayIn(settingsOf("full", { seed: 3 }), none, {});
  expect(why).toContain("https://console.cloud.google.com");
  expect(settings.paths).toEqual(settingsOf("sample", { seed: 3 }).paths);
});

test("no key is repeated in what it says", () => {
  const { why } = wayIn(settingsOf("full"), none, { YOUTUBE_API_KEY: "planted-key" });
  expect(why).not.toContain("planted-key");
});
