import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { permutation, random } from "../../lib/base/random";
import { EmbeddingFileDamaged } from "../../lib/embedding";
import { embeddingFolder } from "../../lib/embedding/file/layout";
import { putVectors } from "../../lib/embedding/file/rows";
import { openEmbeddingFile } from "../../lib/embedding/file/write";
import { asFloat32, joinFeatures, openChosenVectors } from "../../lib/features";
import { temporaryFolder } from "../embedding/folder";
import { planted } from "../training/planted";

const { videos, identities } = planted({ perChannel: 400, imageDim: 5, textDim: 3 });
const ids = videos.map(({ videoId }) => videoId);
/** Not in the files. */
const WITHOUT = { image: new Set([ids[3], ids[700]]), text: new Set([ids[3], ids[9]]) };
const store = {
  async *ratedVideos() {
    yield* videos;
  },
  async *pairs() {},
};
const OPTIONS = { auxiliary: "ctr", ctrTarget: "channel", pairWeights: "equal" } as const;

/** Writes vectors in an order of their own, some of them twice: the later one counts. */
async function written(embeddings: string, kind: "image" | "text"): Promise<Map<string, number[]>> {
  const identity = identities[kind];
  const source = random("load", kind);
  const file = await openEmbeddingFile(embeddings, identity);
  const vectors = new Map<string, number[]>();
  for (const content of ["old", "new"]) {
    const order = [...permutation(ids.length, source)].map((row) => ids[row] as string);
    const some = order.filter((id, at) => !WITHOUT[kind].has(id) && (content === "old" || at % 3 === 0));
    const values = Float32Array.from({ length: some.length * identity.dimensions }, () => source.normal());
    const vector = (at: number) => [...values.subarray(at * identity.dimensions, (at + 1) * identity.dimensions)];
    for (const [at, id] of some.entries()) vectors.set(id, vector(at));
    await file.append(
      some.map((id) => [id, content]),
      values,
    );
  }
  await file.close();
  return vectors;
}

test("files of any order become the rows that a plain join makes", async () => {
  const embeddings = await temporaryFolder();
  const image = await written(embeddings, "image");
  const text = await written(embeddings, "text");
  const { data, withoutVectors } = await joinFeatures(store, await openChosenVectors({ embeddings }), OPTIONS);
  expect(withoutVectors).toEqual([ids[3], ids[9], ids[700]]);
  const kept = ids.filter((id) => !withoutVectors.includes(id));
  expect(data.videos.map(({ videoId }) => videoId)).toEqual(kept);
  const joined = Float32Array.from(kept.flatMap((id) => [...(image.get(id) ?? []), ...(text.get(id) ?? [])]));
  expect(joined).toHaveLength(kept.length * 8);
  expect(Buffer.from(data.features.buffer).equals(Buffer.from(joined.buffer))).toBe(true);
  const half = await joinFeatures(store, await openChosenVectors({ embeddings }), {
    ...OPTIONS,
    featureStorage: "float16",
  });
  const errors = asFloat32(half.data.features).map((value, at) => Math.abs(value - (joined[at] as number)));
  // Half an ulp of values below 4.
  expect(Math.max(...errors)).toBeGreaterThan(0);
  expect(Math.max(...errors)).toBeLessThanOrEqual(2 ** -10);
});

test("a file cut short counts as far as it is whole; one that is cut while it is read is an error", async () => {
  const embeddings = await temporaryFolder();
  await written(embeddings, "image");
  await written(embeddings, "text");
  const vectors = join(embeddingFolder(embeddings, identities.image), "vectors.f32");
  // The second batch is incomplete: the first one counts.
  await truncate(vectors, (ids.length + 7) * 5 * 4);
  const { data } = await joinFeatures(store, await openChosenVectors({ embeddings }), OPTIONS);
  expect(data.videos).toHaveLength(ids.length - 3);
  const rows = Array.from({ length: ids.length + 8 }, (_, row) => row);
  const cut = putVectors(embeddingFolder(embeddings, identities.image), 5, rows, () => {});
  await expect(cut).rejects.toThrow(EmbeddingFileDamaged);
  await expect(cut).rejects.toThrow(`it ends at byte ${(ids.length + 7) * 5 * 4}`);
});

test("what takes a vector may fail: the file is closed, and its error comes out", async () => {
  const embeddings = await temporaryFolder();
  await written(embeddings, "image");
  const rows = Array.from({ length: ids.length }, (_, row) => row);
  const failing = putVectors(embeddingFolder(embeddings, identities.image), 5, rows, () => {
    throw new RangeError("no room");
  });
  await expect(failing).rejects.toThrow("no room");
});
