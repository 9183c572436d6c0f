// Our embedding, kept alive and told what to embed: ours.ts INPUTS_FOLDER MODEL_DIR THREADS, and for the real MiniLM its folder
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish } from "../../lib/base/progress";
import { type Encoder, EncoderPool, openImageEncoder, openTextEncoder, splitRows } from "../../lib/embedding";
import { embedVideos } from "../../lib/embedding/embed-videos";
import type { Listed } from "../../lib/embedding/encode-videos";
import { loadEmbeddings } from "../../lib/embedding/file/load";
import { serve } from "../side-by-side/serve";
import type { Inputs } from "./inputs";

/** Pictures or titles at once, as `thumbrank embed` has it. */
const BATCH = 32;

/** A store that has nothing and takes everything: only the files are measured. */
const store = {
  missingEmbeddings: async function* () {},
  embeddings: async function* () {},
  saveEmbeddings: async () => {},
};

async function main(folder: string, modelDir: string, threads: string, minilmDir?: string): Promise<void> {
  const { pictures, titles, sentences } = JSON.parse(await readFile(join(folder, "inputs.json"), "utf8")) as Inputs;
  const image = new EncoderPool(await openImageEncoder("clip-vit-l-14", { modelDir }), { threads: Number(threads) });
  const text = await openTextEncoder("minilm", { modelDir });
  const minilm = minilmDir === undefined ? undefined : await openTextEncoder("minilm", { modelDir: minilmDir });
  await serve(
    { node: process.versions.node },
    {
      pictures: ({ checked }) => embed(pictures, image, (path) => image.prepare(path), Number(checked)),
      titles: ({ checked }) => embed(titles, text, async (title) => title, Number(checked)),
      sentences: ({ checked }) => embed(sentences, minilm ?? text, async (title) => title, Number(checked)),
    },
  );
  await Promise.all([image.close(), text.close(), minilm?.close()]);
}

/** Embeds all into a new file; returns the seconds it took and the first vectors, read back from it. */
async function embed<Input>(
  items: readonly string[],
  encoder: Encoder<Input>,
  inputOf: (item: string) => Promise<Input>,
  checked: number,
): Promise<object> {
  const embeddings = await mkdtemp(join(tmpdir(), "thumbrank-bench-embed-"));
  const listed = items.map((title, at): Listed => ({ videoId: `video-${at}`, title, picture: null }));
  const source = { content: ({ videoId }: Listed) => videoId, input: ({ title }: Listed) => inputOf(title) };
  const began = performance.now();
  const job = { store, embeddings, videos: listed, batchSize: BATCH, scope: "all" as const, encoder, source };
  const { refused } = await finish(embedVideos({ ...job, stage: encoder.identity.kind }));
  const seconds = (performance.now() - began) / 1000;
  if (refused.length > 0) throw new Error(refused[0]?.reason);
  const ids = listed.slice(0, checked).map(({ videoId }) => videoId);
  const vectors = splitRows(await loadEmbeddings({ embeddings }, encoder.identity, ids), encoder.identity.dimensions);
  await rm(embeddings, { recursive: true });
  return { seconds, vectors: vectors.map((vector) => [...vector]) };
}

main(...(process.argv.slice(2) as [string, string, string, string?])).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
