import { copyFile, mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { permutation, random } from "../../lib/base/random";
import {
  EmbeddingFileBusy,
  EmbeddingFileDamaged,
  EmbeddingsDamaged,
  EmbeddingsMissing,
  embeddedIdentities,
  embeddedIds,
  IdentityMixed,
  identityHash,
  loadEmbeddings,
} from "../../lib/embedding";
import { embeddingFolder } from "../../lib/embedding/file/layout";
import { openEmbeddingFile } from "../../lib/embedding/file/write";
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
  const bytes = await readFile(join(embeddingFolder(embeddings, identity), "vectors.f32"));
  expect(batches.flat().map((_, row) => bytes.readFloatLE(row * 12 + 4))).toEqual([
    97.5, 98.5, 99.5, 100.5, 101.5, 102.5,
  ]);
});

test("wherever a killed process stopped writing, only whole batches count and the next run completes them", async () => {
  const whole = await temporaryFolder();
  await write(whole);
  const folder = embeddingFolder(whole, identity);
  const expected = await bytesOf(folder);
  const [vectorsSize, rowsSize] = expected.map(({ length }) => length) as [number, number];
  const cuts = [
    ...Array.from({ length: vectorsSize }, (_, size) => [size, rowsSize] as const),
    ...Array.from({ length: rowsSize }, (_, size) => [vectorsSize, size] as const),
  ];
  for (const [vectors, rows] of cuts) {
    const embeddings = await temporaryFolder();
    const cut = embeddingFolder(embeddings, identity);
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
  const rows = join(embeddingFolder(embeddings, identity), "rows.jsonl");
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
  const moved = embeddingFolder(embeddings, found);
  await mkdir(moved);
  await copyFile(join(embeddingFolder(embeddings, identity), "identity.json"), join(moved, "identity.json"));
  await expect(openEmbeddingFile(embeddings, found)).rejects.toThrow(IdentityMixed);
  await expect(loadEmbeddings({ embeddings }, found, ["a"])).rejects.toThrow(IdentityMixed);
});

test("a second writer is turned away, and vectors of another width are refused", async () => {
  const embeddings = await temporaryFolder();
  const file = await openEmbeddingFile(embeddings, identity);
  await expect(openEmbeddingFile(embeddings, identity)).rejects.toThrow(EmbeddingFileBusy);
  await expect(file.append([["a", "content"]], Float32Array.of(1, 2))).rejects.toThrow(RangeError);
  await file.close();
  expect((await stat(join(embeddingFolder(embeddings, identity), "vectors.f32"))).size).toBe(0);
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

const unitVectors = (ids: string[]) =>
  Float32Array.from(
    ids.flatMap((id) => {
      const angle = id.charCodeAt(0);
      return [Math.cos(angle), Math.sin(angle), 0];
    }),
  );

/** Six unit vectors; `withChecksums` false leaves them as earlier versions wrote them. */
async function unitFile(withChecksums: boolean) {
  const embeddings = await temporaryFolder();
  const file = await openEmbeddingFile(embeddings, identity);
  for (const ids of batches)
    await file.append(
      ids.map((id) => [id, "content"]),
      unitVectors(ids),
    );
  await file.close();
  const folder = embeddingFolder(embeddings, identity);
  const vectors = join(folder, "vectors.f32");
  const rows = join(folder, "rows.jsonl");
  if (!withChecksums) await writeFile(rows, (await readFile(rows, "utf8")).replaceAll(/,\d+\]/g, "]"));
  return { embeddings, vectors, rows };
}

const damagedIn = async (embeddings: string, ids: string[]): Promise<string[]> => {
  const thrown: unknown = await loadEmbeddings({ embeddings }, identity, ids).catch((error: unknown) => error);
  return thrown instanceof EmbeddingsDamaged ? thrown.damaged : [];
};

test("every flipped bit of a vector or a key is noticed on reading, and costs that row alone when it is written again", async () => {
  const { embeddings, vectors, rows } = await unitFile(true);
  const whole = await readFile(vectors);
  const text = await readFile(rows);
  const all = batches.flat();
  for (let bit = 0; bit < whole.length * 8; bit += 5) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await writeFile(vectors, flipped);
    const id = all[Math.floor(bit / 96)] ?? "";
    expect(await damagedIn(embeddings, all), `bit ${bit}`).toEqual([id]);
  }
  await writeFile(vectors, whole);
  for (const at of [text.indexOf('"c"') + 1, text.indexOf('"content"') + 3]) {
    const flipped = Buffer.from(text);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await writeFile(rows, flipped);
    const known = [...(await embeddedIds({ embeddings }, identity))];
    expect((await damagedIn(embeddings, known)).length).toBe(1);
    const file = await openEmbeddingFile(embeddings, identity);
    expect(file.damaged).toBe(1);
    await file.close();
    expect((await embeddedIds({ embeddings }, identity)).size).toBe(5);
    await writeFile(rows, text);
  }
  expect(await loadEmbeddings({ embeddings }, identity, all)).toEqual(unitVectors(all));
});

test.each([true, false])(
  "zeros, NaN and rows in each other's place are taken out (checksums: %s)",
  async (withChecksums) => {
    const { embeddings, vectors } = await unitFile(withChecksums);
    const bytes = await readFile(vectors);
    bytes.fill(0, 0, 24);
    bytes.writeFloatLE(Number.NaN, 28);
    if (withChecksums)
      for (let at = 0; at < 12; at++) [bytes[36 + at], bytes[48 + at]] = [bytes[48 + at]!, bytes[36 + at]!];
    await writeFile(vectors, bytes);
    const damaged = withChecksums ? ["a", "b", "c", "d", "e"] : ["a", "b", "c"];
    const loading = loadEmbeddings({ embeddings }, identity, batches.flat());
    await expect(loading).rejects.toMatchObject({ code: "EMBEDDING_VECTORS_DAMAGED", damaged, exitCode: 1 });
    await expect(loading).rejects.toThrow(/of 6 .*thumbrank embed.*--image descriptor/);
    const file = await openEmbeddingFile(embeddings, identity);
    expect(file.damaged).toBe(damaged.length);
    expect(damaged.map((id) => file.rowOf(id, "content"))).toEqual(damaged.map(() => undefined));
    await file.append(
      damaged.map((id) => [id, "content"]),
      unitVectors(damaged),
    );
    await file.close();
    expect(await loadEmbeddings({ embeddings }, identity, batches.flat())).toEqual(unitVectors(batches.flat()));
  },
);

test("rows of earlier versions get checksums when their file is next written to", async () => {
  const { embeddings, vectors, rows } = await unitFile(false);
  expect(await loadEmbeddings({ embeddings }, identity, batches.flat())).toEqual(unitVectors(batches.flat()));
  const file = await openEmbeddingFile(embeddings, identity);
  expect([file.damaged, file.rowOf("f", "content")]).toEqual([0, 5]);
  await file.close();
  expect((await readFile(rows, "utf8")).match(/,\d+\]/g)?.length).toBe(6);
  const bytes = await readFile(vectors);
  // Still of length 1.
  bytes.writeFloatLE(-bytes.readFloatLE(0), 0);
  await writeFile(vectors, bytes);
  expect(await damagedIn(embeddings, ["a", "b"])).toEqual(["a"]);
});
