import { expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { importTable, writeFlawedTable } from "../../lib/dataset";
import { MemoryStore, temporaryFolder } from "./fixture";

test("of the flawed table one row is imported, and every other refused for its own reason", async () => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  const flawed = await writeFlawedTable(folder);
  const report = await finish(importTable({ ...flawed, store, paths: { thumbnails: `${folder}/stored` } }));
  expect([...store.videos.keys()]).toEqual(["a-good-row"]);
  expect(Object.fromEntries(report.refused.map(({ videoId, code }) => [videoId, code]))).toEqual({
    "views-in-words": "ROW_NUMBER",
    "no-title": "ROW_TEXT",
    "from-the-future": "ROW_DATE",
    "no-picture": "PICTURE_MISSING",
    "cut-picture": "PICTURE_BROKEN",
    "removed-video": "PICTURE_PLACEHOLDER",
  });
});
