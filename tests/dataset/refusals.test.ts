import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { COLUMNS, importInto, jpeg, MemoryStore, row, table, temporaryFolder } from "./fixture";

const HEADER = COLUMNS.join(",");

const BAD_ROWS: [name: string, cells: Record<string, string>, code: string, reason: RegExp][] = [
  ["an empty id", { video_id: "" }, "ROW_ID", /video_id "" is not an id/],
  ["an id with path characters", { video_id: "../../etc/passwd" }, "ROW_ID", /video_id "..\/..\/etc\/passwd"/],
  ["an id that a spreadsheet mangled", { video_id: "#NAME?" }, "ROW_ID", /#NAME\?/],
  ["an empty channel", { channel_id: "" }, "ROW_ID", /channel_id/],
  ["an empty title", { title: "  " }, "ROW_TEXT", /title " {2}" is empty/],
  ["a title with NUL", { title: "a\0b" }, "ROW_TEXT", /NUL/],
  ["a day that does not exist", { published_at: "2024-02-30T00:00:00Z" }, "ROW_DATE", /2024-02-30/],
  ["a date in words", { published_at: "last May" }, "ROW_DATE", /last May/],
  ["an hour that does not exist", { published_at: "2024-02-01T25:00:00Z" }, "ROW_DATE", /25:00/],
  ["a date before YouTube", { published_at: "2005-02-13T23:59:59Z" }, "ROW_DATE", /before YouTube/],
  ["published after collected", { published_at: "2024-05-01T00:00:01Z" }, "ROW_DATE", /after collected_at/],
  ["collected in the future", { collected_at: "2124-05-01T00:00:00Z" }, "ROW_DATE", /lies in the future/],
  ["no collection time", { collected_at: "" }, "ROW_DATE", /collected_at ""/],
  ["negative views", { views: "-5" }, "ROW_NUMBER", /views "-5" is not a whole number/],
  ["half a view", { views: "10.5" }, "ROW_NUMBER", /views "10.5"/],
  ["views with separators", { views: "1,234" }, "ROW_NUMBER", /views "1,234"/],
  ["absent views", { views: "" }, "ROW_NUMBER", /views ""/],
  ["views beyond exact integers", { views: "9007199254740993" }, "ROW_NUMBER", /too large/],
];

test.each(BAD_ROWS)("%s is refused with its line, the others are imported", async (_name, cells, code, reason) => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  const file = await table(
    folder,
    [HEADER, row("good-1"), row("bad", cells), row("good-2")],
    ["good-1", "bad", "good-2"],
  );
  const report = await importInto(store, folder, file);
  expect(report.refused).toEqual([expect.objectContaining({ line: 3, code, reason: expect.stringMatching(reason) })]);
  expect([...store.videos.keys()]).toEqual(["good-1", "good-2"]);
  expect(report).toMatchObject({ read: 3, inserted: 2 });
});

const BAD_OPTIONAL: [column: string, value: string, code: string][] = [
  ["duration", "five minutes", "ROW_NUMBER"],
  ["duration", "PT", "ROW_NUMBER"],
  ["likes", "-1", "ROW_NUMBER"],
  ["comments", "many", "ROW_NUMBER"],
  ["subscribers", "1.5", "ROW_NUMBER"],
  ["language", "English, maybe", "ROW_TEXT"],
  ["true_ctr", "4.5", "ROW_NUMBER"],
  ["true_ctr", "1.5", "ROW_NUMBER"],
];

test.each(BAD_OPTIONAL)("an optional column %s with %j is refused", async (column, value, code) => {
  const folder = await temporaryFolder();
  const file = await table(folder, [`${HEADER},${column}`, row("a", { [column]: value })], ["a"]);
  const { refused } = await importInto(new MemoryStore(), folder, file);
  expect(refused).toEqual([{ line: 2, videoId: "a", code, reason: expect.stringContaining(column) }]);
});

test("of two rows with one id and other values the first is imported; an identical one is a repeat", async () => {
  const folder = await temporaryFolder();
  const store = new MemoryStore();
  const rows = [row("a"), row("a"), row("a", { views: "99" })];
  const report = await importInto(store, folder, await table(folder, [HEADER, ...rows], ["a"]));
  expect(report).toMatchObject({ read: 3, inserted: 1, repeated: 1 });
  expect(report.refused).toEqual([
    {
      line: 4,
      videoId: "a",
      code: "ROW_DUPLICATE",
      reason: 'video_id "a" is on line 2 with other values for the same time',
    },
  ]);
  expect(store.videos.get("a")?.views).toBe(1234);
});

test("missing columns are named beside those found, and nothing is read", async () => {
  const folder = await temporaryFolder();
  const file = await table(folder, ["video_id,title,Seen", "a,b,1"]);
  await expect(importInto(new MemoryStore(), folder, file)).rejects.toMatchObject({
    code: "TABLE_COLUMNS_MISSING",
    missing: ["channel_id", "published_at", "views", "collected_at"],
    message: expect.stringContaining('its columns are "video_id", "title", "Seen"'),
  });
});

const BAD_FILES: [name: string, bytes: Buffer | string][] = [
  ["a line without an end", "x".repeat(1_100_000)],
  ["a cut gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1])],
  ["a cut Parquet", "PAR1 and no footer"],
];

test.each(BAD_FILES)("a table that is %s is an error with a code", async (_name, bytes) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "videos.csv"), bytes);
  const imported = importInto(new MemoryStore(), folder, join(folder, "videos.csv"));
  await expect(imported).rejects.toMatchObject({ code: "TABLE_UNREADABLE" });
});

test("an absent table and an absent thumbnail folder are errors with codes", async () => {
  const folder = await temporaryFolder();
  const absent = importInto(new MemoryStore(), folder, join(folder, "none.csv"));
  await expect(absent).rejects.toMatchObject({ code: "TABLE_UNREADABLE" });
  const file = await table(folder, [HEADER, row("a")]);
  const unfound = importInto(new MemoryStore(), folder, file, { thumbnails: join(folder, "none") });
  await expect(unfound).rejects.toMatchObject({ code: "THUMBNAILS_FOLDER_MISSING" });
});

const placeholder = () => {
  const grey = sharp({ create: { width: 120, height: 90, channels: 3, background: "#cccccc" } });
  const sign = { create: { width: 30, height: 20, channels: 3 as const, background: "#999999" } };
  return grey
    .composite([{ input: sign }])
    .jpeg()
    .toBuffer();
};

const BAD_PICTURES: [name: string, code: string, make: (file: string) => Promise<unknown>][] = [
  ["missing", "PICTURE_MISSING", async () => {}],
  ["cut", "PICTURE_BROKEN", async (file) => writeFile(file, (await jpeg(1, 640, 360)).subarray(0, 9000))],
  ["empty", "PICTURE_BROKEN", async (file) => writeFile(file, "")],
  ["a page of HTML", "PICTURE_FORMAT", async (file) => writeFile(file, "<html>404</html>")],
  ["an SVG", "PICTURE_FORMAT", async (file) => writeFile(file, '<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ["one pixel", "PICTURE_SIZE", async (file) => writeFile(file, await jpeg(1, 1, 1))],
  ["a folder", "PICTURE_UNREADABLE", async (file) => mkdir(file)],
  ["the placeholder of a removed video", "PICTURE_PLACEHOLDER", async (file) => writeFile(file, await placeholder())],
];

test.each(BAD_PICTURES)("a picture that is %s is refused", async (_name, code, make) => {
  const folder = await temporaryFolder();
  const file = await table(folder, [HEADER, row("bad"), row("good")], ["good"]);
  await make(join(folder, "thumbnails", "bad.jpg"));
  const report = await importInto(new MemoryStore(), folder, file);
  expect(report.refused).toEqual([{ line: 2, videoId: "bad", code, reason: expect.any(String) }]);
  expect(report).toMatchObject({ inserted: 1, picturesStored: 1 });
});

test("dark, white and coloured pictures of the placeholder's size are taken", async () => {
  const folder = await temporaryFolder();
  const colours = { dark: "#101010", white: "#ffffff", beige: "#c8b090" };
  for (const [id, background] of Object.entries(colours)) {
    const picture = sharp({ create: { width: 120, height: 90, channels: 3, background } });
    await picture.jpeg().toFile(join(folder, "thumbnails", `${id}.jpg`));
  }
  const file = await table(folder, [HEADER, ...Object.keys(colours).map((id) => row(id))]);
  expect(await importInto(new MemoryStore(), folder, file)).toMatchObject({ inserted: 3, refused: [] });
});

const ESCAPES = [
  "../secret.jpg",
  "sub/../../secret.jpg",
  "..\\secret.jpg",
  "C:\\secret.jpg",
  "\\\\host\\secret.jpg",
  "link.jpg",
  "linked/secret.jpg",
  "a/..",
];

test.each(ESCAPES)("the picture path %j cannot leave the folder", async (thumbnail) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "secret.jpg"), await jpeg(1));
  await symlink(join(folder, "secret.jpg"), join(folder, "thumbnails", "link.jpg"));
  await symlink(folder, join(folder, "thumbnails", "linked"));
  const file = await table(folder, [`${HEADER},thumbnail`, row("a", { thumbnail })]);
  const { refused, inserted } = await importInto(new MemoryStore(), folder, file);
  expect(refused).toEqual([expect.objectContaining({ line: 2, code: "PICTURE_OUTSIDE" })]);
  expect(inserted).toBe(0);
});

test("an absolute path is refused even where it points into the folder, and so is a linked <id>.jpg", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "secret.jpg"), await jpeg(1));
  await symlink(join(folder, "secret.jpg"), join(folder, "thumbnails", "b.jpg"));
  const absolute = join(folder, "thumbnails", "a.jpg");
  const rows = [row("a", { thumbnail: absolute }), row("b", { thumbnail: "" })];
  const { refused } = await importInto(
    new MemoryStore(),
    folder,
    await table(folder, [`${HEADER},thumbnail`, ...rows], ["a"]),
  );
  expect(refused.map(({ line, code }) => [line, code])).toEqual([
    [2, "PICTURE_OUTSIDE"],
    [3, "PICTURE_OUTSIDE"],
  ]);
});

test("a picture may lie deeper in the folder, or be a link within it", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "thumbnails", "2024"));
  await writeFile(
    join(folder, "thumbnails", "2024", "x.png"),
    await sharp(await jpeg(1))
      .png()
      .toBuffer(),
  );
  await symlink(join("2024", "x.png"), join(folder, "thumbnails", "y.png"));
  await link(join(folder, "thumbnails", "2024", "x.png"), join(folder, "thumbnails", "z.webp"));
  const rows = [row("a", { thumbnail: "2024/x.png" }), row("b", { thumbnail: "y.png" }), row("z", { thumbnail: "" })];
  const store = new MemoryStore();
  await importInto(store, folder, await table(folder, [`${HEADER},thumbnail`, ...rows]));
  expect([...store.videos.values()].map(({ picture }) => picture?.format)).toEqual(["png", "png", "png"]);
});
