import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { golden, HUB, pictureFile } from "./golden";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Megabytes this process holds, on the heap and outside it. */
function heldMegabytes(): number {
  collect();
  return process.memoryUsage().rss / 2 ** 20;
}

test("200 batches through CLIP and MiniLM leave no more memory in use than 50", { timeout: 240_000 }, async () => {
  const image = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
  const text = await openTextEncoder("minilm", { modelDir: HUB });
  const picture = await image.decode(pictureFile("wide.jpg"));
  const titles = golden.titles.slice(0, 4).map(({ title }) => title);
  const encode = async (batches: number) => {
    for (let batch = 0; batch < batches; batch++) {
      await image.encode([picture, picture, picture, picture]);
      await text.encode(titles);
    }
    return heldMegabytes();
  };
  const before = await encode(50);
  const after = await encode(150);
  // Inputs alone are 2.4 MB a batch: kept, they would make 360 MB.
  expect(after - before).toBeLessThan(60);
  await Promise.all([image.close(), text.close()]);
});
