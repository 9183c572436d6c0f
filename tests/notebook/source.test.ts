import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { type Profile, settingsOf } from "../../lib/notebook/profile";
import { prepareSource } from "../../lib/notebook/source";

const table = "videos.csv";
const thumbnails = "pictures";
const none = { table: null, thumbnails: null };

test.each<[Profile, string | null, { table: string | null; thumbnails: string | null }, string]>([
  ["full", null, none, "no table was given"],
  ["full", null, { table, thumbnails: null }, "without thumbnails"],
  ["smoke", null, { table, thumbnails }, "would mix"],
])("profile %s, home %s: %o is refused", async (profile, home, given, reason) => {
  await expect(finish(prepareSource(settingsOf(profile, { home }), given))).rejects.toMatchObject({
    code: "NOTEBOOK_SOURCE_UNCLEAR",
    message: expect.stringContaining(reason),
  });
});

test("the reader's table is taken as it is, in the full profile or a home of the reader's own", async () => {
  const taken = { file: table, thumbnails };
  expect(await finish(prepareSource(settingsOf("full"), { table, thumbnails }))).toEqual(taken);
  expect(await finish(prepareSource(settingsOf("smoke", { home: "mine" }), { table, thumbnails }))).toEqual(taken);
});

test("without a table the synthetic world is drawn into the home", async () => {
  const home = await mkdtemp(join(tmpdir(), "thumbrank-source-"));
  const settings = { ...settingsOf("smoke", { home }), sample: { channels: 2, videosPerChannel: 3, seed: 5 } };
  const source = await finish(prepareSource(settings, none));
  expect((await readdir(source.thumbnails)).length).toBe(6);
  expect(source.file.startsWith(home)).toBe(true);
  await rm(home, { recursive: true });
}, 60_000);
