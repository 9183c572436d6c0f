import { embedAll, openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { HUB } from "./golden";
import { memoryStore } from "./memory-store";
import { videosWithGoldenPictures } from "./world";

/** Embeds below the folder it is given, with the tiny models, and prints each step: a process to kill. */
async function main(home: string): Promise<void> {
  const paths = { embeddings: `${home}/embeddings`, thumbnails: `${home}/thumbnails` };
  const store = memoryStore(await videosWithGoldenPictures(paths.thumbnails, 30));
  const image = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
  const text = await openTextEncoder("minilm", { modelDir: HUB });
  for await (const { stage, done } of embedAll({ store, paths, image, text, batchSize: 4 })) {
    process.stdout.write(`${stage} ${done}\n`);
  }
}

main(process.argv[2] ?? "").catch((thrown: unknown) => {
  console.error(thrown);
  process.exitCode = 1;
});
