import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenFile, readThumbnail } from "../../lib/thumbnails/read";
import { scene } from "./make";

let folder = "";
let bytes = Buffer.alloc(0);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-read-"));
  bytes = await scene(64, 48).jpeg().toBuffer();
  await writeFile(join(folder, "whole.jpg"), bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a file, and a link to one, are read", async () => {
  await symlink("whole.jpg", join(folder, "link.jpg"));
  for (const name of ["whole.jpg", "link.jpg"]) expect(await readThumbnail(join(folder, name))).toEqual(bytes);
});

const UNREADABLE: [name: string, code: string, make: (path: string) => unknown][] = [
  ["nothing", "PICTURE_MISSING", () => {}],
  ["a folder", "PICTURE_UNREADABLE", (path) => mkdir(path)],
  ["a named pipe that nobody writes to", "PICTURE_UNREADABLE", (path) => execFileSync("mkfifo", [path])],
  ["a link to a device without an end", "PICTURE_UNREADABLE", (path) => symlink("/dev/zero", path)],
  ["a link that leads to itself", "PICTURE_UNREADABLE", (path) => symlink(path, path)],
  ["a link to memory that cannot be read", "PICTURE_UNREADABLE", (path) => symlink("/proc/self/mem", path)],
  ["a link to nothing", "PICTURE_MISSING", (path) => symlink("/nowhere/at/all", path)],
  ["a link through a file", "PICTURE_UNREADABLE", (path) => symlink(join(folder, "whole.jpg", "x"), path)],
  [
    "a sparse file of 51 MB",
    "PICTURE_SIZE",
    async (path) => {
      await writeFile(path, bytes);
      await truncate(path, 51 * 1024 * 1024);
    },
  ],
];

test.each(UNREADABLE)("%s is refused at once, with a code", async (name, code, make) => {
  const path = join(folder, `${name}.jpg`);
  await make(path);
  await expect(readThumbnail(path)).rejects.toMatchObject({ code, picture: path });
});

test("a name that is too long is refused", async () => {
  await expect(readThumbnail(join(folder, `${"x".repeat(300)}.jpg`))).rejects.toMatchObject({
    code: "PICTURE_UNREADABLE",
  });
});

/** A file that says of itself, gives and refuses what it is told to. */
function fake(sizeBytes: number, read: (call: number, room: number) => number): OpenFile {
  let calls = 0;
  const file = {
    stat: async () => ({ isFile: () => true, size: sizeBytes }),
    read: async (_buffer: Buffer, _offset: number, room: number) => ({ bytesRead: read(calls++, room) }),
    close: async () => {},
  };
  return (async () => file) as unknown as OpenFile;
}

const failing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: it failed`), { code });
};

test("a file that is read in small pieces is whole", async () => {
  const pieces = [1, 2, 3, 4000, 90, 5000];
  expect(
    await readThumbnail(
      "slow.jpg",
      fake(4, (call, room) => Math.min(room, pieces[call] ?? 0)),
    ),
  ).toHaveLength(8192);
});

test("a file that grows while it is read ends at 50 MB", async () => {
  const growing = fake(1000, (_call, room) => room);
  await expect(readThumbnail("growing.jpg", growing)).rejects.toMatchObject({ code: "PICTURE_SIZE" });
});

test.each(["EACCES", "EPERM", "EIO", "ESTALE", "EBADMSG"])("%s refuses the picture", async (code) => {
  await expect(readThumbnail("x.jpg", failing(code))).rejects.toMatchObject({ code: "PICTURE_UNREADABLE" });
  await expect(readThumbnail("x.jpg", fake(10, failing(code)))).rejects.toMatchObject({ code: "PICTURE_UNREADABLE" });
});

test.each(["EMFILE", "ENFILE", "ENOMEM"])("%s is not the picture's fault", async (code) => {
  await expect(readThumbnail("x.jpg", failing(code))).rejects.toMatchObject({ code });
});
