import { copyFile, mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  EmbeddingFileBusy,
  EmbeddingFileDamaged,
  EmbeddingsMissing,
  embeddedIdentities,
  embeddedIds,
  IdentityMixed,
  identityHash,
  loadEmbeddings,
} from "../../lib/embedding";
import { folderOf } from "../../lib/embedding/file/layout";
import { openEmbeddingFile } from "../../lib/embedding/file/write";
import { permutation, random } from "../../lib/random";
import type { EncoderIdentity } from "../../lib/store";
import { temporaryFolder } from "./folder";

const identity: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "test",
  preprocessing: "none",
  normalisation: "l2",
  dimensions: 3,
};
const batches = [["a", "b"], ["c"], ["d", "e", "f"]];
/** The vector of video "a" is [97, 97.5, 98]. */
const vectorsOf = (ids: string[]) =>
  Float32Array.from(ids.flatMap((id) => [0, 0.5, 1].map((step) => id.charCodeAt(0) + step)));

async function write(embeddings: string, all = batches): Promise<void> {
  const file = await openEmbeddingFile(embeddings, identity);
  for (const ids of all) {
    const open = ids.filter((id) => file.rowOf(id, "content") === undefined);
    if (open.length === ids.length)
      await file.append(
        ids.map((id) => [id, "content"]),
        vectorsOf(ids),
      );
  }
  await file.close();
}

const bytesOf = (folder: string) =>
  Promise.all(["vectors.f32", "rows.jsonl"].map((name) => readFile(join(folder, name))));

test("vectors come back in the order of the ids, as row-major little-endian floats", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  const ids = ["f", "a", "c", "a"];
  expect(await loadEmbeddings({ embeddings }, identity, ids)).toEqual(vectorsOf(ids));
  expect(await embeddedIds({ embeddings }, identity)).toEqual(new Set(batches.flat()));
  expect(await embeddedIdentities({ embeddings })).toEqual([identity]);
  const bytes = await readFile(join(folderOf(embeddings, identity), "vectors.f32"));
  expect(batches.flat().map((_, row) => bytes.readFloatLE(row * 12 + 4))).toEqual([
    97.5, 98.5, 99.5, 100.5, 101.5, 102.5,
  ]);
});

test("wherever a killed process stopped writing, only whole batches count and the next run completes them", async () => {
  const whole = await temporaryFolder();
  await write(whole);
  const folder = folderOf(whole, identity);
  const expected = await bytesOf(folder);
  const [vectorsSize, rowsSize] = expected.map(({ length }) => length) as [number, number];
  const cuts = [
    ...Array.from({ length: vectorsSize }, (_, size) => [size, rowsSize] as const),
    ...Array.from({ length: rowsSize }, (_, size) => [vectorsSize, size] as const),
  ];
  for (const [vectors, rows] of cuts) {
    const embeddings = await temporaryFolder();
    const cut = folderOf(embeddings, identity);
    await mkdir(cut);
    for (const name of ["identity.json", "vectors.f32", "rows.jsonl"])
      await copyFile(join(folder, name), join(cut, name));
    await truncate(join(cut, "vectors.f32"), vectors);
    await truncate(join(cut, "rows.jsonl"), rows);
    const known = [...(await embeddedIds({ embeddings }, identity))];
    expect(["", "a,b", "a,b,c", "a,b,c,d,e,f"]).toContain(known.join());
    expect(await loadEmbeddings({ embeddings }, identity, known)).toEqual(vectorsOf(known));
    await write(embeddings);
    expect(await bytesOf(cut)).toEqual(expected);
  }
});

test("zeros at the end, as a power cut leaves them, are a tail; nonsense before the end is damage", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  const rows = join(folderOf(embeddings, identity), "rows.jsonl");
  const text = await readFile(rows, "utf8");
  await writeFile(rows, `${text}${"\0".repeat(20)}\n`);
  expect((await embeddedIds({ embeddings }, identity)).size).toBe(6);
  await writeFile(rows, `nonsense\n${text}`);
  await expect(embeddedIds({ embeddings }, identity)).rejects.toThrow(EmbeddingFileDamaged);
  await expect(openEmbeddingFile(embeddings, identity)).rejects.toThrow(EmbeddingFileDamaged);
});

test("another picture of a video gets a row of its own, and the newest counts", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  const file = await openEmbeddingFile(embeddings, identity);
  expect(file.rowOf("b", "content")).toBe(1);
  expect(file.rowOf("b", "other")).toBeUndefined();
  await file.append([["b", "other"]], Float32Array.of(7, 8, 9));
  await file.close();
  expect([...(await loadEmbeddings({ embeddings }, identity, ["b"]))]).toEqual([7, 8, 9]);
});

test("videos without a vector are named, with the command that makes it", async () => {
  const embeddings = await temporaryFolder();
  await expect(loadEmbeddings({ embeddings }, identity, ["x"])).rejects.toThrow(EmbeddingsMissing);
  await write(embeddings);
  const missing = loadEmbeddings({ embeddings }, identity, ["a", "y", "z"]);
  await expect(missing).rejects.toThrow(/2 of 3 videos.*y, z.*thumbrank embed --image descriptor/);
});

test("each change of an identity has files of its own, and a folder of another identity is refused", async () => {
  const embeddings = await temporaryFolder();
  await write(embeddings);
  const others = Object.entries({ model: "x", revision: "2", preprocessing: "y", dimensions: 4, kind: "text" });
  const hashes = others.map(([field, value]) => identityHash({ ...identity, [field]: value } as EncoderIdentity));
  expect(new Set([...hashes, identityHash(identity)]).size).toBe(6);
  const found = { ...identity, revision: "2" };
  const moved = folderOf(embeddings, found);
  await mkdir(moved);
  await copyFile(join(folderOf(embeddings, identity), "identity.json"), join(moved, "identity.json"));
  await expect(openEmbeddingFile(embeddings, found)).rejects.toThrow(IdentityMixed);
  await expect(loadEmbeddings({ embeddings }, found, ["a"])).rejects.toThrow(IdentityMixed);
});

test("a second writer is turned away, and vectors of another width are refused", async () => {
  const embeddings = await temporaryFolder();
  const file = await openEmbeddingFile(embeddings, identity);
  await expect(openEmbeddingFile(embeddings, identity)).rejects.toThrow(EmbeddingFileBusy);
  await expect(file.append([["a", "content"]], Float32Array.of(1, 2))).rejects.toThrow(RangeError);
  await file.close();
  expect((await stat(join(folderOf(embeddings, identity), "vectors.f32"))).size).toBe(0);
  await write(embeddings);
});

test("many rows in any order equal a plain look-up", async () => {
  const embeddings = await temporaryFolder();
  const count = 10_000;
  const source = random("rows");
  const values = Float32Array.from({ length: count * 3 }, () => source.uniform());
  const file = await openEmbeddingFile(embeddings, identity);
  const keys = Array.from({ length: count }, (_, row): [string, string] => [`v${row}`, "content"]);
  await file.append(keys, values);
  await file.close();
  const order = [...permutation(count, source)].slice(0, 7_000);
  const loaded = await loadEmbeddings(
    { embeddings },
    identity,
    order.map((row) => `v${row}`),
  );
  expect(loaded).toEqual(Float32Array.from(order.flatMap((row) => [...values.subarray(row * 3, row * 3 + 3)])));
});
