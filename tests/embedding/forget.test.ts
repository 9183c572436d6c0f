import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { embeddedIds, forgetVectors, loadEmbeddings } from "../../lib/embedding";
import { EmbeddingFileBusy } from "../../lib/embedding/errors";
import { embeddingFolder } from "../../lib/embedding/file/layout";
import { openEmbeddingFile } from "../../lib/embedding/file/write";
import type { EncoderIdentity } from "../../lib/store";
import { temporaryFolder } from "./folder";

const identity: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "1",
  preprocessing: "p",
  normalisation: "l2",
  dimensions: 16,
};
const ids = Array.from({ length: 600 }, (_, n) => `v${n}`);
const gone = new Set(ids.filter((_, n) => n % 3 === 0 || (n > 240 && n < 390)));
const left = ids.filter((id) => !gone.has(id));

async function written(): Promise<{ embeddings: string; vectors: Map<string, Float32Array> }> {
  const embeddings = await temporaryFolder();
  const source = random("forget");
  const vectors = new Map(ids.map((id) => [id, Float32Array.from({ length: 16 }, () => source.normal())]));
  const file = await openEmbeddingFile(embeddings, identity);
  for (let start = 0; start < ids.length; start += 140) {
    const batch = ids.slice(start, start + 140);
    await file.append(
      batch.map((id) => [id, `content of ${id}`]),
      joined(vectors, batch),
    );
  }
  await file.close();
  return { embeddings, vectors };
}

const joined = (vectors: Map<string, Float32Array>, some: readonly string[]) =>
  Float32Array.from(some.flatMap((id) => [...(vectors.get(id) ?? [])]));

/** Whether the bytes of any of these vectors lie in any file. */
async function found(
  embeddings: string,
  vectors: Map<string, Float32Array>,
  some: Iterable<string>,
): Promise<string[]> {
  const folder = embeddingFolder(embeddings, identity);
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  const named = (id: string) => Buffer.from(JSON.stringify(id));
  const bytes = (id: string) => Buffer.from((vectors.get(id) as Float32Array).buffer);
  return [...some].filter((id) => files.some((file) => file.includes(bytes(id)) || file.includes(named(id))));
}

test("forgotten vectors are in no file any more, and the others lie where they lay", async () => {
  const { embeddings, vectors } = await written();
  expect(await forgetVectors({ embeddings }, gone)).toBe(gone.size);
  expect(await found(embeddings, vectors, gone)).toEqual([]);
  expect([...(await embeddedIds({ embeddings }, identity))]).toEqual(left);
  expect(await loadEmbeddings({ embeddings }, identity, left)).toEqual(joined(vectors, left));
  const file = await readFile(join(embeddingFolder(embeddings, identity), "vectors.f32"));
  expect(file.length).toBe(ids.length * 64);
  expect(file.subarray(64, 128)).toEqual(Buffer.from((vectors.get("v1") as Float32Array).buffer));
  expect(await forgetVectors({ embeddings }, gone)).toBe(0);
});

test("vectors are appended after forgotten ones as before", async () => {
  const { embeddings, vectors } = await written();
  await forgetVectors({ embeddings }, gone);
  const file = await openEmbeddingFile(embeddings, identity);
  expect([file.rowOf("v0", "content of v0"), file.rowOf("v1", "content of v1")]).toEqual([undefined, 1]);
  await file.append([["v0", "content of v0"]], joined(vectors, ["v0"]));
  await file.close();
  expect(await loadEmbeddings({ embeddings }, identity, ["v1", "v0"])).toEqual(joined(vectors, ["v1", "v0"]));
});

test("left half-done at any point, forgetting is completed by doing it again", async () => {
  const { embeddings, vectors } = await written();
  const folder = embeddingFolder(embeddings, identity);
  const rows = await readFile(join(folder, "rows.jsonl"));
  const whole = await readFile(join(folder, "vectors.f32"));
  await forgetVectors({ embeddings }, gone);
  const rowsAfter = await readFile(join(folder, "rows.jsonl"));
  const wholeAfter = await readFile(join(folder, "vectors.f32"));
  const states = [
    { rows, vectors: whole, erasing: whole.subarray(0, 1000) },
    { rows, vectors: whole, erasing: wholeAfter },
    { rows: rowsAfter, vectors: whole, erasing: wholeAfter },
  ];
  for (const state of states) {
    await writeFile(join(folder, "rows.jsonl"), state.rows);
    await writeFile(join(folder, "vectors.f32"), state.vectors);
    await writeFile(join(folder, "vectors.f32.erasing"), state.erasing);
    await forgetVectors({ embeddings }, gone);
    expect(await found(embeddings, vectors, gone)).toEqual([]);
    expect(await loadEmbeddings({ embeddings }, identity, left)).toEqual(joined(vectors, left));
    expect(await readdir(folder)).toEqual(["identity.json", "rows.jsonl", "vectors.f32"]);
  }
});

test("while an embedding is under way nothing is forgotten", async () => {
  const { embeddings } = await written();
  const file = await openEmbeddingFile(embeddings, identity);
  await expect(forgetVectors({ embeddings }, gone)).rejects.toBeInstanceOf(EmbeddingFileBusy);
  await file.close();
});
