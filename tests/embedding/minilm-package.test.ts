import { readFileSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openTextEncoder } from "../../lib/embedding";
import { ensureMiniLmPackage, PACKAGED_REVISION } from "../../lib/embedding/minilm/package";
import { temporaryFolder } from "./folder";
import { cosine, row } from "./golden";

const golden = z
  .object({ titles: z.array(z.string()), minilm: z.object({ vectors: z.array(z.array(z.number())) }) })
  .parse(JSON.parse(readFileSync(join(__dirname, "..", "golden", "sentence", "golden.json"), "utf8")));

/** As `embed` gets it: out of the user's cache, else by pip. */
const folder = await ensureMiniLmPackage(() => {}).catch((error: Error) => {
  console.error(`the tests of the real MiniLM are skipped: ${error.message}`);
  return null;
});
const withPackage = test.skipIf(folder === null);

withPackage("the real MiniLM, out of its Python package: vectors are those of sentence-transformers", async () => {
  const encoder = await openTextEncoder("minilm");
  const vectors = await encoder.encode(golden.titles);
  for (const [at, vector] of golden.minilm.vectors.entries())
    expect(cosine(row(vectors, at, 384), vector)).toBeGreaterThan(0.99999);
  expect(encoder.identity).toMatchObject({ model: "minilm", revision: PACKAGED_REVISION, dimensions: 384 });
  await encoder.close();
});

withPackage("the real MiniLM out of a folder has the same identity and the same vectors", async () => {
  const root = await temporaryFolder();
  await symlink(folder ?? "", join(root, "all-MiniLM-L6-v2"));
  const encoder = await openTextEncoder("minilm", { modelDir: root });
  const packaged = await openTextEncoder("minilm");
  expect(encoder.identity).toEqual(packaged.identity);
  const titles = golden.titles.slice(0, 8);
  expect(await encoder.encode(titles)).toEqual(await packaged.encode(titles));
  await Promise.all([encoder.close(), packaged.close()]);
});

withPackage("the real MiniLM knows that beginners are novices, and what a title in other words is about", async () => {
  const encoder = await openTextEncoder("minilm");
  const vectors = await encoder.encode(["Ten tips for beginners", "Advice for novices", "Ten trips to Berlin"]);
  const [tips, advice, trips] = [0, 1, 2].map((at) => row(vectors, at, 384)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  expect(cosine(tips, advice)).toBeGreaterThan(cosine(tips, trips));
  await encoder.close();
});
