import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ThumbnailFinder } from "../../lib/dataset/find";
import { COLUMNS, importInto, jpeg, MemoryStore, row, table, temporaryFolder } from "./fixture";

const HEADER = `${COLUMNS.join(",")},thumbnail`;

/** Imports rows of video id and `thumbnail`, with these files; returns each id's picture format or refusal. */
async function outcomes(rows: [id: string, thumbnail: string][], files: string[]): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  for (const [at, name] of files.entries()) {
    await mkdir(join(folder, "thumbnails", name, ".."), { recursive: true });
    await writeFile(join(folder, "thumbnails", name), await jpeg(at + 1));
  }
  const store = new MemoryStore();
  const lines = rows.map(([id, thumbnail]) => row(id, { thumbnail }));
  const { refused } = await importInto(store, folder, await table(folder, [HEADER, ...lines]));
  const taken = [...store.videos.keys()].map((id) => [id, "taken"]);
  return Object.fromEntries([...taken, ...refused.map(({ videoId, code }) => [videoId, code])]);
}

test.each(["jpg", "JPG", "Jpg", "jpeg", "JPEG", "jpe", "JPE", "jfif", "JFIF", "png", "PNG", "webp", "WebP"])(
  "a picture is found by its id with the ending .%s",
  async (ending) => {
    expect(await outcomes([["dQw4w9WgXcQ", ""]], [`dQw4w9WgXcQ.${ending}`])).toEqual({ dQw4w9WgXcQ: "taken" });
  },
);

test("ids that differ by case alone have their own pictures", async () => {
  const rows: [string, string][] = [
    ["abc", ""],
    ["ABC", ""],
    ["Abc", ""],
  ];
  expect(await outcomes(rows, ["abc.JPG", "ABC.jpg"])).toEqual({ abc: "taken", ABC: "taken", Abc: "PICTURE_MISSING" });
});

test.each(["a.gif", "a.jpg.txt", "a", "aa.jpg", "a.b.jpg"])("%s is no picture of the video a", async (name) => {
  expect(await outcomes([["a", ""]], [name])).toEqual({ a: "PICTURE_MISSING" });
});

test.each([
  "https://i.ytimg.com/vi/a/hqdefault.jpg",
  "HTTP://i.ytimg.com/vi/a/hqdefault.jpg?sqp=-oaym",
  "//i.ytimg.com/vi/a/hqdefault.jpg",
  " https://i.ytimg.com/vi/a/../b.jpg",
  "s3://bucket/a.jpg",
  "data:image/jpeg;base64,/9j/4AAQ",
])("the address %j in the column thumbnail falls back to the id", async (thumbnail) => {
  expect(await outcomes([["a", thumbnail]], ["a.jpg"])).toEqual({ a: "taken" });
  expect(await outcomes([["a", thumbnail]], ["b.jpg"])).toEqual({ a: "PICTURE_MISSING" });
});

test.each([
  "file:///etc/passwd",
  "//etc/passwd",
  "C:\\a.jpg",
  "c:/a.jpg",
  "\\\\host\\a.jpg",
  "/etc/passwd",
  "../a.jpg",
])("the path %j is no address on the web", async (thumbnail) => {
  expect((await outcomes([["a", thumbnail]], ["a.jpg"])).a).toMatch(/^PICTURE_(OUTSIDE|MISSING|UNREADABLE)$/);
});

test("a named picture is found when its ending is written in another case, and not when its name is", async () => {
  const rows: [string, string][] = [
    ["a", "2024/x.jpg"],
    ["b", "2024/X.jpg"],
    ["c", "2024/x.png"],
  ];
  expect(await outcomes(rows, ["2024/x.JPG"])).toEqual({ a: "taken", b: "PICTURE_MISSING", c: "PICTURE_MISSING" });
});

test("a link of another ending's case that leaves the folder is refused", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "secret.jpg"), await jpeg(1));
  await symlink(join(folder, "secret.jpg"), join(folder, "thumbnails", "a.JPG"));
  const rows = [row("a", { thumbnail: "" }), row("b", { thumbnail: "a.jpg" })];
  const { refused } = await importInto(new MemoryStore(), folder, await table(folder, [HEADER, ...rows]));
  expect(refused.map(({ code }) => code)).toEqual(["PICTURE_OUTSIDE", "PICTURE_OUTSIDE"]);
});

const UNREADABLE: [name: string, thumbnail: string, make: (folder: string) => unknown][] = [
  ["a folder", "", (folder) => mkdir(join(folder, "bad.jpg"))],
  ["a link that leads to itself", "", (folder) => symlink("bad.jpg", join(folder, "bad.jpg"))],
  ["a path through a file", "good.jpg/x.jpg", () => {}],
  ["a name that is too long", `${"x".repeat(300)}.jpg`, () => {}],
];

test.each(UNREADABLE)("%s refuses its row alone", async (_name, thumbnail, make) => {
  const folder = await temporaryFolder();
  const rows = [row("bad", { thumbnail }), row("good", { thumbnail: "" })];
  const file = await table(folder, [HEADER, ...rows], ["good"]);
  await make(join(folder, "thumbnails"));
  const { refused, inserted } = await importInto(new MemoryStore(), folder, file);
  expect(refused).toMatchObject([{ line: 2, code: "PICTURE_UNREADABLE" }]);
  expect(inserted).toBe(1);
});

test("a store that cannot be written to is not the picture's fault", async () => {
  const folder = await temporaryFolder();
  const file = await table(folder, [HEADER, row("a", { thumbnail: "" })], ["a"]);
  await writeFile(join(folder, "stored"), "a file where the folder should be");
  await expect(importInto(new MemoryStore(), folder, file)).rejects.toMatchObject({
    code: expect.stringMatching(/EEXIST|ENOTDIR/),
  });
});

test("a folder is listed once, however many videos are looked for", async () => {
  const folder = join(await temporaryFolder(), "thumbnails");
  await writeFile(join(folder, "a.JPG"), "");
  const finder = new ThumbnailFinder(folder);
  expect(await finder.find("a", null)).toBe(join(folder, "a.JPG"));
  await writeFile(join(folder, "b.jpg"), "");
  await expect(finder.find("b", null)).rejects.toMatchObject({ code: "PICTURE_MISSING" });
  expect(await new ThumbnailFinder(folder).find("b", null)).toBe(join(folder, "b.jpg"));
});

const FAULTS = join(__dirname, "../../../shared/faults");

test.skipIf(!existsSync(FAULTS))("the faulty tables and names about pictures import", async () => {
  const folder = await temporaryFolder();
  const addresses = await readFile(join(FAULTS, "11-thumbnail-column-is-url.csv"), "utf8");
  const ids = addresses
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(",")[0] ?? "");
  const file = await table(folder, [addresses.trim()], ids);
  const now = new Date("2026-12-01T00:00:00Z");
  expect(await importInto(new MemoryStore(), folder, file, { now })).toMatchObject({
    inserted: ids.length,
    refused: [],
  });
  await copyFile(join(FAULTS, "vid00000000.JPG"), join(folder, "thumbnails", "vid00000000.JPG"));
  const one = await table(folder, [HEADER, row("vid00000000", { thumbnail: "" })]);
  expect(await importInto(new MemoryStore(), folder, one)).toMatchObject({ inserted: 1, refused: [] });
});
