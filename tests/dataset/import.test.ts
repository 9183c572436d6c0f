import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { importTable } from "../../lib/dataset";
import { picturePath, type Video } from "../../lib/store";
import { COLUMNS, importInto, jpeg, MemoryStore, NOW, row, table, temporaryFolder } from "./fixture";

const HEADER = COLUMNS.join(",");

test("a row becomes a video, and its picture a file named by its content", async () => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  const extra = {
    channel_title: "Channel",
    duration: "PT1H2M3S",
    likes: "12.0",
    comments: "",
    subscribers: "5000",
    language: "en-US",
    niche: "tech",
    true_ctr: "0.045",
  };
  const file = await table(folder, [`${HEADER},${Object.keys(extra).join(",")}`, row("a", extra)], ["a"]);
  await importInto(store, folder, file);
  const bytes = await readFile(join(folder, "thumbnails", "a.jpg"));
  const picture = { sha256: createHash("sha256").update(bytes).digest("hex"), format: "jpeg" } as const;
  expect([...store.videos.values()]).toEqual<Video[]>([
    {
      videoId: "a",
      channelId: "UC-channel",
      channelTitle: "Channel",
      title: "Title of a",
      publishedAt: new Date("2024-03-01T10:00:00Z"),
      collectedAt: new Date("2024-05-01T00:00:00Z"),
      views: 1234,
      durationSeconds: 3723,
      likes: 12,
      comments: null,
      subscribers: 5000,
      language: "en",
      niche: "tech",
      trueCtr: 0.045,
      picture,
    },
  ]);
  expect(await readFile(picturePath(join(folder, "stored"), picture))).toEqual(bytes);
});

const TIMES: [text: string, instant: string][] = [
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02 03:04:05", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02 03:04:05+00:00", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02T03:04:05.678-08:00", "2024-01-02T11:04:05.678Z"],
  ["2024-01-02", "2024-01-02T00:00:00.000Z"],
];

test.each(TIMES)("the time %j is %s, whatever the machine's time zone", async (published_at, instant) => {
  vi.stubEnv("TZ", "America/Los_Angeles");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(new Date("2024-01-02T00:00:00").getUTCHours()).toBe(8);
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  await importInto(store, folder, await table(folder, [HEADER, row("a", { published_at })], ["a"]));
  expect(store.videos.get("a")?.publishedAt.toISOString()).toBe(instant);
});

const LENGTHS: [text: string, seconds: number | null][] = [
  ["253", 253],
  ["253.6", 254],
  ["PT4M13S", 253],
  ["PT1H", 3600],
  ["P1DT2H", 93600],
  ["P0D", null],
  ["PT0S", null],
  ["0", null],
  ["", null],
  ["NaN", null],
];

test.each(LENGTHS)("the duration %j is %s seconds", async (duration, seconds) => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  await importInto(store, folder, await table(folder, [`${HEADER},duration`, row("a", { duration })], ["a"]));
  expect(store.videos.get("a")?.durationSeconds).toBe(seconds);
});

const IDS = Array.from({ length: 1200 }, (_, index) => `v${index}`);

async function manyRows(): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = await table(folder, [
    `${HEADER},thumbnail`,
    ...IDS.map((id, index) => row(id, { thumbnail: `p${index % 7}.jpg` })),
  ]);
  for (let seed = 0; seed < 7; seed++)
    await writeFile(join(folder, "thumbnails", `p${seed}.jpg`), await jpeg(seed + 1));
  return { folder, file };
}

test("importing twice changes nothing, and identical pictures are one file", async () => {
  const { folder, file } = await manyRows();
  const store = new MemoryStore();
  await importInto(store, folder, file);
  const before = await readdir(join(folder, "stored"), { recursive: true });
  const writes = store.writes;
  const again = await importInto(store, folder, file);
  expect(again).toMatchObject({
    read: 1200,
    unchanged: 1200,
    inserted: 0,
    updated: 0,
    picturesStored: 0,
    picturesKnown: 1200,
  });
  expect(store.writes).toBe(writes);
  expect(await readdir(join(folder, "stored"), { recursive: true })).toEqual(before);
  expect(before.filter((name) => name.endsWith(".jpeg")).length).toBe(7);
});

test("without a folder of thumbnails the rows are imported without pictures", async () => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  const file = await table(folder, [HEADER, row("a"), row("b")], []);
  const report = await importInto(store, folder, file, { thumbnails: null });
  expect(report).toMatchObject({ read: 2, inserted: 2, refused: [], picturesStored: 0, picturesKnown: 0 });
  expect([...store.videos.values()].map(({ picture }) => picture)).toEqual([null, null]);
});

test("a picture lost from the store comes back with the next import", async () => {
  const { folder, file } = await manyRows();
  const store = new MemoryStore();
  await importInto(store, folder, file);
  await rm(join(folder, "stored"), { recursive: true });
  await importInto(store, folder, file);
  const names = await readdir(join(folder, "stored"), { recursive: true });
  expect(names.filter((name) => name.endsWith(".jpeg")).length).toBe(7);
});

test("strict refuses everything when one row is bad, before a row or a picture is stored", async () => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  const lines = [HEADER, row("a"), row("b", { views: "-1" }), row("c"), "x"];
  const file = await table(folder, lines, ["a", "b"]);
  const strict = importInto(store, folder, file, { strict: true });
  await expect(strict).rejects.toMatchObject({
    code: "IMPORT_REFUSED",
    refused: [
      { line: 3, code: "ROW_NUMBER" },
      { line: 4, code: "PICTURE_MISSING" },
      { line: 5, code: "ROW_SYNTAX" },
    ],
  });
  expect(store.videos.size).toBe(0);
  expect(await readdir(folder)).not.toContain("stored");
});

test("strict imports a table without a fault as an import that is not strict does", async () => {
  const { folder, file } = await manyRows();
  const strict = new MemoryStore();
  const lenient = new MemoryStore();
  const report = await importInto(strict, folder, file, { strict: true });
  expect(report).toMatchObject({ read: 1200, inserted: 1200, refused: [] });
  await importInto(lenient, folder, file);
  expect([...strict.videos]).toEqual([...lenient.videos]);
});

test("progress counts what is stored, and an import broken off is completed by the next", async () => {
  const { folder, file } = await manyRows();
  const store = new MemoryStore();
  const paths = { thumbnails: join(folder, "stored") };
  const job = importTable({ file, thumbnails: join(folder, "thumbnails"), store, paths, now: NOW });
  const first = await job.next();
  await job.return({} as never);
  expect(first.value).toEqual({ stage: "import rows", done: store.videos.size });
  expect(store.videos.size).toBeLessThan(1200);
  expect(await importInto(store, folder, file)).toMatchObject({ read: 1200, inserted: 1200 - 500, unchanged: 500 });
  expect([...store.videos.keys()]).toEqual(IDS);
});
