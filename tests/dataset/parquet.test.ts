import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parquetWriteFile } from "hyparquet-writer";
import { expect, test } from "vitest";
import { importInto, jpeg, MemoryStore, temporaryFolder } from "./fixture";

const COUNT = 250;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
const published = numbers.map((index) => new Date(Date.UTC(2024, 0, 1 + (index % 90), index % 24)));
const collected = new Date("2024-05-01T00:00:00Z");
const views = numbers.map((index) => (index === 7 ? -1 : 1000 + index * 1_000_003));
const subscribers = numbers.map((index) => (index % 3 === 0 ? null : 100 + index));

async function fixture() {
  const folder = await temporaryFolder();
  const bytes = await jpeg(1);
  for (const index of numbers) await writeFile(join(folder, "thumbnails", `v${index}.jpg`), bytes);
  return folder;
}

const COLUMNS = [
  { name: "video_id", data: numbers.map((index) => `v${index}`) },
  { name: "channel_id", data: numbers.map(() => "UCx") },
  { name: "title", data: numbers.map((index) => `Title "${index}", caf\u00e9`) },
  { name: "published_at", data: published, type: "TIMESTAMP" as const },
  { name: "views", data: views.map(BigInt), type: "INT64" as const },
  { name: "collected_at", data: numbers.map(() => collected), type: "TIMESTAMP" as const },
  { name: "duration", data: numbers.map((index) => 60 + index / 2), type: "DOUBLE" as const },
  { name: "subscribers", data: subscribers.map((count) => count ?? Number.NaN), type: "DOUBLE" as const },
  { name: "language", data: numbers.map((index) => (index % 2 ? "en-GB" : null)), type: "STRING" as const },
];

function csv(): string {
  const lines = numbers.map((index) => {
    const title = `"Title ""${index}"", caf\u00e9"`;
    const times = [published[index]?.toISOString(), views[index], collected.toISOString()];
    return [
      `v${index}`,
      "UCx",
      title,
      ...times,
      60 + index / 2,
      subscribers[index] ?? "",
      index % 2 ? "en-GB" : "",
    ].join(",");
  });
  return [COLUMNS.map(({ name }) => name).join(","), ...lines].join("\n");
}

test("Parquet with INT64, timestamps, gaps and several row groups imports as the same table in CSV", async () => {
  const folder = await fixture();
  const inParquet = new MemoryStore();
  const inCsv = new MemoryStore();
  parquetWriteFile({ filename: join(folder, "videos.parquet"), columnData: COLUMNS, rowGroupSize: 100 });
  await writeFile(join(folder, "videos.csv"), csv());
  const fromParquet = await importInto(inParquet, folder, join(folder, "videos.parquet"));
  const fromCsv = await importInto(inCsv, folder, join(folder, "videos.csv"));
  expect([...inParquet.videos]).toEqual([...inCsv.videos]);
  expect(fromParquet).toMatchObject({ read: COUNT, inserted: COUNT - 1 });
  expect(fromParquet.refused).toEqual([expect.objectContaining({ line: 8, videoId: "v7", code: "ROW_NUMBER" })]);
  expect(fromCsv.refused).toEqual([{ ...fromParquet.refused[0], line: 9 }]);
  expect(inCsv.videos.get("v1")).toMatchObject({
    language: "en",
    subscribers: 101,
    views: 1_001_003,
    publishedAt: published[1],
  });
});

test("a Parquet table without a needed column names it", async () => {
  const folder = await temporaryFolder();
  const filename = join(folder, "videos.parquet");
  parquetWriteFile({ filename, columnData: COLUMNS.filter(({ name }) => name !== "views") });
  const imported = importInto(new MemoryStore(), folder, filename);
  await expect(imported).rejects.toMatchObject({ code: "TABLE_COLUMNS_MISSING", missing: ["views"] });
});

test("a damaged Parquet file is an error with a code", async () => {
  const folder = await temporaryFolder();
  const filename = join(folder, "videos.parquet");
  parquetWriteFile({ filename, columnData: COLUMNS });
  const bytes = await readFile(filename);
  await writeFile(filename, bytes.fill(0xff, 100, 3000));
  await expect(importInto(new MemoryStore(), folder, filename)).rejects.toMatchObject({ code: "TABLE_UNREADABLE" });
});
