import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FolderBroken, readFolder, removeStale, writeFolder } from "../../lib/files/folder";
import { MANIFEST, makeManifest } from "../../lib/files/manifest";
import { writeAtomically } from "../../lib/files/write";

const files = { "a.bin": Uint8Array.of(1, 2, 3), "b.json": Buffer.from("{}") };
let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "folder-"));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function forge(manifest: unknown): Promise<string> {
  const path = join(parent, "forged");
  await mkdir(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  await writeFile(join(path, MANIFEST), typeof manifest === "string" ? manifest : JSON.stringify(manifest));
  return path;
}

test("a folder reads back what was written and leaves nothing beside it", async () => {
  await writeFolder(join(parent, "x"), files);
  const read = await readFolder(join(parent, "x"));
  expect(Object.keys(read)).toEqual(["a.bin", "b.json"]);
  expect([...(read["a.bin"] as Uint8Array)]).toEqual([1, 2, 3]);
  expect(await readdir(parent)).toEqual(["x"]);
});

test("the same bytes written again leave the folder in place; other bytes replace it", async () => {
  const path = join(parent, "x");
  await writeFolder(path, files);
  const before = (await stat(path)).ino;
  await writeFolder(path, files);
  expect((await stat(path)).ino).toBe(before);
  await writeFolder(path, { "a.bin": Uint8Array.of(9) });
  expect(Object.keys(await readFolder(path))).toEqual(["a.bin"]);
  expect(await readdir(parent)).toEqual(["x"]);
});

test.skipIf(process.platform === "win32")(
  "who may read a folder and its files is the umask's to say, new or replaced",
  async () => {
    const before = process.umask(0o022);
    try {
      for (const [mask, folder, file] of [
        [0o022, 0o755, 0o644],
        [0o027, 0o750, 0o640],
        [0o077, 0o700, 0o600],
      ] as const) {
        process.umask(mask);
        await writeFolder(join(parent, "x"), { "a.bin": Uint8Array.of(mask) });
        const modes = await Promise.all(["x", "x/a.bin", `x/${MANIFEST}`].map((name) => stat(join(parent, name))));
        expect(modes.map(({ mode }) => mode & 0o777)).toEqual([folder, file, file]);
      }
    } finally {
      process.umask(before);
    }
  },
);

test("a folder that an earlier process with our number left aside is not written into", async () => {
  const left = Array.from({ length: 50 }, (_, at) => join(parent, `.tmp-${process.pid}-${at}`));
  for (const path of left) await mkdir(path);
  await writeFolder(join(parent, "x"), files);
  expect(Object.keys(await readFolder(join(parent, "x")))).toEqual(Object.keys(files));
  expect((await readdir(parent)).length).toBe(left.length + 1);
});

test("every single flipped bit of every file is detected", async () => {
  const path = join(parent, "x");
  await writeFolder(path, files);
  for (const name of Object.keys(files)) {
    const bytes = await readFile(join(path, name));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      await writeFile(join(path, name), flipped);
      await expect(readFolder(path), `${name} bit ${bit}`).rejects.toThrow(FolderBroken);
    }
    await writeFile(join(path, name), bytes);
  }
  expect(await readFolder(path)).toBeTruthy();
});

test("cut, missing and swapped files are refused with the reason", async () => {
  const path = join(parent, "x");
  await writeFolder(path, files);
  await writeFile(join(path, "a.bin"), Uint8Array.of(1, 2));
  await expect(readFolder(path)).rejects.toThrow("a.bin has 2 bytes instead of 3");
  await rm(join(path, "a.bin"));
  await expect(readFolder(path)).rejects.toThrow("a.bin cannot be read");
  await symlink("/dev/zero", join(path, "a.bin"));
  await expect(readFolder(path)).rejects.toThrow("a.bin is not a plain file");
  await rm(join(path, MANIFEST));
  await expect(readFolder(path)).rejects.toThrow("manifest.json cannot be read");
});

test("a hostile manifest leads nowhere", async () => {
  await writeFile(join(parent, "secret"), "s");
  const good = makeManifest(files);
  const [entry] = makeManifest({ secret: Buffer.from("s") }).files;
  for (const name of ["../secret", "/etc/passwd", "..", ".", "", "a/b", "a\\b", ".hidden", "a\0b", "x\ny"])
    await expect(readFolder(await forge({ ...good, files: [{ ...entry, name }] })), name).rejects.toThrow(FolderBroken);
  const wrong = ["", "null", "[]", "{", '{"format":"other","files":[]}', { ...good, extra: 1 }, { ...good, files: [] }];
  for (const manifest of wrong) await expect(readFolder(await forge(manifest))).rejects.toThrow(FolderBroken);
  const huge = { ...good, files: [{ ...good.files[0], sizeBytes: 1e300 }] };
  await expect(readFolder(await forge(huge))).rejects.toThrow(FolderBroken);
  expect(await readFolder(await forge(good))).toBeTruthy();
});

test("leftovers of dead writers go, those of living ones stay", async () => {
  for (const name of [".tmp-4194305-x", `.tmp-${process.pid}-x`, ".tmp-1-x", "kept"]) await mkdir(join(parent, name));
  await removeStale(parent);
  expect((await readdir(parent)).sort()).toEqual([".tmp-1-x", "kept"]);
  await removeStale(join(parent, "nowhere"));
});

test("a write that fails leaves the old folder and nothing else", async () => {
  const path = join(parent, "x");
  await writeFolder(path, files);
  await expect(writeFolder(path, { file: Uint8Array.of(1), "file/in-it": Uint8Array.of(1) })).rejects.toThrow();
  expect(await readdir(parent)).toEqual(["x"]);
  expect(await readFolder(path)).toBeTruthy();
});

test("a file is replaced as a whole", async () => {
  const path = join(parent, "deep", "history.json");
  await writeAtomically(path, Buffer.from("[1]"));
  await writeAtomically(path, Buffer.from("[1,2]"));
  expect(await readFile(path, "utf8")).toBe("[1,2]");
  expect(await readdir(join(parent, "deep"))).toEqual(["history.json"]);
});
