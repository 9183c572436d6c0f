import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { cosine, cosinesToFirst, nearest, openTextEncoder, splitRows, withVectors } from "../../lib/embedding";
import { openEmbeddingFile } from "../../lib/embedding/file/write";

function unitRows(count: number, dimensions: number): Float32Array[] {
  const source = random("neighbours");
  return Array.from({ length: count }, () => {
    const row = Float32Array.from({ length: dimensions }, () => source.normal());
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

test("the cosine of unit vectors is 1 to itself, -1 to its opposite, and that of a known angle between", () => {
  expect(cosine([0.6, 0.8], [0.6, 0.8])).toBeCloseTo(1, 12);
  expect(cosine([0.6, 0.8], [-0.6, -0.8])).toBeCloseTo(-1, 12);
  expect(cosine([1, 0], [Math.cos(1), Math.sin(1)])).toBeCloseTo(Math.cos(1), 12);
  expect(() => cosine([1, 0], [1, 0, 0])).toThrow("2 and 3");
});

test("the nearest are those of the smallest Euclidean distance, the vector's own item first", () => {
  const items = unitRows(40, 8).map((vector, at) => ({ at, vector }));
  const to = items[7]?.vector as Float32Array;
  const byDistance = items
    .map(({ at, vector }) => ({ at, distance: Math.hypot(...vector.map((value, i) => value - (to[i] as number))) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 10)
    .map(({ at }) => at);
  const found = nearest(items, to, 10);
  expect(found.map(({ at }) => at)).toEqual(byDistance);
  expect(found[0]).toMatchObject({ at: 7, cosine: expect.closeTo(1, 6) });
});

test("equally close items keep their order", () => {
  const items = [
    { vector: [0, 1], at: 0 },
    { vector: [1, 0], at: 1 },
    { vector: [1, 0], at: 2 },
  ];
  expect(nearest(items, [1, 0], 3).map(({ at }) => at)).toEqual([1, 2, 0]);
});

test("named inputs are compared with the first of them", async () => {
  const encoder = await openTextEncoder("title-hash");
  const same = "10 tips for beginners";
  const other = "WHY?";
  const found = await cosinesToFirst(encoder, { first: same, again: same, other });
  expect(found.map(({ name }) => name)).toEqual(["first", "again", "other"]);
  expect(found[1]?.cosine).toBeCloseTo(1, 6);
  expect(found[2]?.cosine).toBe(cosine(await encoder.encode([same]), await encoder.encode([other])));
  expect(found[2]?.cosine).toBeLessThan(0.9);
});

test("videos come with their own vectors, in their order, those without left out", async () => {
  const embeddings = await mkdtemp(join(tmpdir(), "thumbrank-vectors-"));
  const { identity } = await openTextEncoder("title-hash");
  const rows = unitRows(3, identity.dimensions);
  const file = await openEmbeddingFile(embeddings, identity);
  const keys = ["a", "b", "c"].map((id) => [id, `title of ${id}`] as const);
  await file.append(keys, Float32Array.from(rows.flatMap((row) => [...row])));
  await file.close();
  const found = await withVectors({ embeddings }, identity, [{ videoId: "c" }, { videoId: "x" }, { videoId: "a" }]);
  expect(found).toEqual([
    { videoId: "c", vector: rows[2] },
    { videoId: "a", vector: rows[0] },
  ]);
  await rm(embeddings, { recursive: true });
});

test("rows are views of the matrix", () => {
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
  const rows = splitRows(matrix, 3);
  expect(rows.map((row) => [...row])).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(rows[1]?.buffer).toBe(matrix.buffer);
});
