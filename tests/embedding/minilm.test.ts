import { afterAll, beforeAll, expect, test } from "vitest";
import { openTextEncoder, type TextEncoder } from "../../lib/embedding";
import { meanPooled } from "../../lib/embedding/minilm/onnx";
import { cosine, golden, HUB, row } from "./golden";

let minilm: TextEncoder;
beforeAll(async () => {
  minilm = await openTextEncoder("minilm", { modelDir: HUB });
});
afterAll(() => minilm.close());

test.each(golden.titles)("the vector of $title equals Python's", async ({ title, vector }) => {
  expect(cosine(await minilm.encode([title]), vector)).toBeGreaterThan(0.99999);
});

test("padding in a batch changes nothing", async () => {
  const vectors = await minilm.encode(golden.titles.map(({ title }) => title));
  const cosines = golden.titles.map(({ vector }, at) => cosine(row(vectors, at, 384), vector));
  for (const similarity of cosines) expect(similarity).toBeGreaterThan(0.99999);
});

test("the golden titles are told apart", () => {
  const vectors = golden.titles.map(({ vector }) => vector);
  expect(Math.max(...vectors.flatMap((a, i) => vectors.slice(0, i).map((b) => cosine(a, b))))).toBeLessThan(0.95);
});

test("mean pooling leaves padding out", () => {
  const hidden = Float32Array.of(1, 2, 3, 4, 100, 100, 5, 6, 7, 8, 9, 10);
  expect([...meanPooled(hidden, [1n, 1n, 0n, 1n, 1n, 1n], 2)]).toEqual([2, 3, 7, 8]);
});
