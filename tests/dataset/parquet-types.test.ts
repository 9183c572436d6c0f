import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Video } from "../../lib/store";
import { importInto, jpeg, MemoryStore, temporaryFolder } from "./fixture";

const GOLDEN = join(__dirname, "..", "golden", "tables");

async function imported(name: string) {
  const folder = await temporaryFolder();
  for (const id of ["a", "b", "c"]) await writeFile(join(folder, "thumbnails", `${id}.jpg`), await jpeg(1));
  const store = new MemoryStore();
  const report = await importInto(store, folder, join(GOLDEN, `${name}.parquet`));
  return { report, videos: [...store.videos.values()] };
}

/** What every file says, written by pyarrow, pandas or DuckDB in types of its own. */
const TRUTH: Partial<Video>[] = [
  { videoId: "a", title: "Caf\u00e9", views: 1234, durationSeconds: 253 },
  { videoId: "b", title: "None", views: 2 ** 40, durationSeconds: 3723 },
  { videoId: "c", title: "c", views: 5, durationSeconds: null },
];
const REFUSED = ["list", "misplaced", "too-long"];
const SAME = readdirSync(GOLDEN).flatMap((file) => /^(.*)\.parquet$/.exec(file)?.[1] ?? []);

test.each(SAME.filter((name) => !REFUSED.includes(name)))(
  "durations and counts of %s are read by their type",
  async (name) => {
    const { report, videos } = await imported(name);
    expect(report.refused).toEqual([]);
    expect(videos).toMatchObject(TRUTH);
    expect(videos[0]?.publishedAt).toEqual(new Date("2024-03-01T10:00:00.123Z"));
    expect(videos[0]?.collectedAt).toEqual(new Date("2024-05-01T00:00:00Z"));
  },
);

test("a column of lists, and a duration that stands for a count, are refused by name and type", async () => {
  await expect(imported("list")).rejects.toMatchObject({ code: "TABLE_COLUMN_TYPE", column: "duration", type: "LIST" });
  const misplaced = imported("misplaced");
  await expect(misplaced).rejects.toMatchObject({ code: "TABLE_COLUMN_TYPE", column: "likes", type: "DURATION" });
});

test("a duration beyond a month and a negative one cost their own rows", async () => {
  const { report, videos } = await imported("too-long");
  expect(report.refused).toEqual([
    { line: 1, videoId: "a", code: "ROW_NUMBER", reason: expect.stringMatching(/duration "2764800".* 31 days/) },
    { line: 2, videoId: "b", code: "ROW_NUMBER", reason: 'duration "-5" is negative' },
  ]);
  expect(videos).toMatchObject([{ videoId: "c", durationSeconds: 60 }]);
});
