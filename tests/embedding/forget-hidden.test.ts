import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import {
  forgetVectors,
  HiddenStates,
  type PictureKey,
  planPrefix,
  prefixFolder,
  writePrefix,
} from "../../lib/embedding";
import { temporaryFolder } from "./folder";
import { IDENTITY } from "./prefix-world";

/** Free bytes of every disk. */
const disk = vi.hoisted(() => ({ freeBytes: 0 }));
vi.mock("node:fs/promises", async (importOriginal) => ({
  ...(await importOriginal<typeof import("node:fs/promises")>()),
  statfs: async () => ({ bavail: disk.freeBytes, bsize: 1 }),
}));
beforeEach(() => {
  disk.freeBytes = 1e12;
});

/** Of 64 KB a picture: several blocks of any disk. */
const LARGE = { ...IDENTITY, tokens: 64, width: 512 };
const ROW_BYTES = 64 * 512 * 2;
const PICTURES = Array.from({ length: 12 }, (_, n): PictureKey => [`video-${n}`, `content-${n}`]);
const GONE = new Set(["video-2", "video-3", "video-7", "video-8", "video-9", "video-11"]);
const KEPT = PICTURES.flatMap(([videoId], row) => (GONE.has(videoId) ? [] : [row]));

/** Numbers other than 0 that halves hold exactly. */
const statesOf = (rows: readonly number[]) =>
  Float32Array.from(rows.flatMap((row) => Array.from({ length: 64 * 512 }, (_, i) => 1 + row + (i % 7) / 8)));

async function written(): Promise<{ embeddings: string; folder: string }> {
  const embeddings = await temporaryFolder();
  const compute = async (rows: readonly number[]) => statesOf(rows);
  for await (const _ of writePrefix({ embeddings, identity: LARGE, pictures: PICTURES, compute, batch: 5 }));
  return { embeddings, folder: prefixFolder(embeddings, LARGE) };
}

async function expectForgotten({ embeddings, folder }: { embeddings: string; folder: string }): Promise<void> {
  const bytes = await readFile(join(folder, "hidden.f16"));
  expect(bytes.length).toBe(PICTURES.length * ROW_BYTES);
  for (const [row, [videoId]] of PICTURES.entries())
    expect(bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES).some((byte) => byte !== 0)).toBe(!GONE.has(videoId));
  expect(await readFile(join(folder, "rows.jsonl"), "utf8")).not.toMatch(/video-(2|3|7|8|9|11)"/);
  const states = await HiddenStates.open(
    embeddings,
    LARGE,
    KEPT.map((row) => PICTURES[row] as PictureKey),
  );
  expect(await states.rows([...KEPT.keys()])).toEqual(statesOf(KEPT));
  await states.close();
  const { missing } = await planPrefix(embeddings, LARGE, PICTURES);
  expect(missing).toEqual(PICTURES.flatMap(([videoId], row) => (GONE.has(videoId) ? [row] : [])));
}

test("forgotten hidden states are gone, and a program that reads the others continues", async () => {
  const home = await written();
  const reading = await HiddenStates.open(home.embeddings, LARGE, PICTURES);
  await forgetVectors(home, GONE);
  await expectForgotten(home);
  expect(await reading.rows([11, 0])).toEqual(statesOf([11, 0]));
  await reading.close();
});

test.runIf(process.platform === "linux")("their disk space is free", async () => {
  const home = await written();
  const usedBytes = async () => (await stat(join(home.folder, "hidden.f16"))).blocks * 512;
  const before = await usedBytes();
  await forgetVectors(home, GONE);
  expect(before - (await usedBytes())).toBeGreaterThanOrEqual((GONE.size - 1) * ROW_BYTES);
});

test("where the disk has no room for a copy of the others, zeros take their place", async () => {
  const home = await written();
  disk.freeBytes = KEPT.length * ROW_BYTES - 1;
  const before = await stat(join(home.folder, "hidden.f16"));
  await forgetVectors(home, GONE);
  await expectForgotten(home);
  expect((await stat(join(home.folder, "hidden.f16"))).ino).toBe(before.ino);
});

test.each([1e12, 0])(
  "left half-done at any point, it is completed by doing it again, with %d bytes free",
  async (free) => {
    const home = await written();
    const { folder } = home;
    const [rows, whole] = await Promise.all(["rows.jsonl", "hidden.f16"].map((name) => readFile(join(folder, name))));
    await forgetVectors(home, GONE);
    const [rowsAfter, wholeAfter] = await Promise.all(
      ["rows.jsonl", "hidden.f16"].map((name) => readFile(join(folder, name))),
    );
    disk.freeBytes = free;
    for (const state of [
      { rows, erasing: whole?.subarray(0, 1000) },
      { rows, erasing: wholeAfter },
      { rows: rowsAfter, erasing: wholeAfter },
    ]) {
      await writeFile(join(folder, "rows.jsonl"), state.rows ?? "");
      await writeFile(join(folder, "hidden.f16"), whole ?? "");
      await writeFile(join(folder, "hidden.f16.erasing"), state.erasing ?? "");
      await forgetVectors(home, GONE);
      await expectForgotten(home);
      await expect(stat(join(folder, "hidden.f16.erasing"))).rejects.toThrow("ENOENT");
    }
  },
);
