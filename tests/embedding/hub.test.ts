import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  EncoderUnknown,
  HubUnreachable,
  ModelFolderIncomplete,
  ModelUnusable,
  openImageEncoder,
  openTextEncoder,
} from "../../lib/embedding";
import { temporaryFolder } from "./folder";
import { cosine, golden, HUB, pictureFile } from "./golden";

let server: Server | undefined;
afterEach(() => server?.close());

/** A hub that serves the tiny models; a file whose name is in `cut` breaks off in the middle. */
async function hub(cut: string[] = []): Promise<string> {
  server = createServer((request, response) => {
    const path = (request.url ?? "").replace("/resolve/main/", "/");
    void readFile(join(HUB, path)).then(
      (bytes) => {
        response.writeHead(200, { "content-length": bytes.length });
        if (!cut.some((name) => path.endsWith(name))) return response.end(bytes);
        return response.write(bytes.subarray(0, 1000), () => response.destroy());
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NOWHERE = "http://127.0.0.1:9";

test("models come from the hub once, then from the cache, as the same encoder a folder gives", async () => {
  const cacheDir = await temporaryFolder();
  const address = await hub();
  const first = await openImageEncoder("clip-vit-l-14", { hub: address, cacheDir });
  const vector = await first.encode([pictureFile("odd.png")]);
  expect(cosine(vector, golden.pictures["odd.png"]?.vector ?? [])).toBeGreaterThan(0.9999);
  const text = await openTextEncoder("minilm", { hub: address, cacheDir });
  const again = await openImageEncoder("clip-vit-l-14", { hub: NOWHERE, cacheDir });
  const textAgain = await openTextEncoder("minilm", { hub: NOWHERE, cacheDir });
  expect(await textAgain.encode(["a title"])).toEqual(await text.encode(["a title"]));
  const local = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
  expect([first.identity, again.identity]).toEqual([local.identity, local.identity]);
  await Promise.all([first, again, text, textAgain, local].map((encoder) => encoder.close()));
});

test("an unreachable hub is an error that names the folder option and its layout", async () => {
  const cacheDir = await temporaryFolder();
  const opening = openImageEncoder("clip-vit-l-14", { hub: NOWHERE, cacheDir });
  await expect(opening).rejects.toThrow(HubUnreachable);
  await expect(opening).rejects.toThrow(
    /127\.0\.0\.1:9.*fetch failed.*--model-dir.*DIR\/Xenova\/clip-vit-large-patch14\/onnx\/vision_model\.onnx/,
  );
  await expect(openTextEncoder("minilm", { hub: NOWHERE, cacheDir })).rejects.toThrow(
    /DIR\/Xenova\/all-MiniLM-L6-v2\/tokenizer\.json/,
  );
});

test("a download that breaks off is no model, and is fetched again", async () => {
  const cacheDir = await temporaryFolder();
  const cut = await hub(["vision_model.onnx"]);
  await expect(openImageEncoder("clip-vit-l-14", { hub: cut, cacheDir })).rejects.toThrow(HubUnreachable);
  server?.close();
  const models = join(cacheDir, "Xenova/clip-vit-large-patch14/onnx");
  expect(await readdir(models)).not.toContain("vision_model.onnx");
  const whole = await openImageEncoder("clip-vit-l-14", { hub: await hub(), cacheDir });
  await whole.close();
  expect(await readdir(models)).toContain("vision_model.onnx");
});

test("a folder is taken as the hub has it, by the model's bare name, or as it is", async () => {
  const root = await temporaryFolder();
  const model = join(HUB, "Xenova/clip-vit-large-patch14");
  await cp(model, join(root, "bare/clip-vit-large-patch14"), { recursive: true });
  for (const modelDir of [HUB, join(root, "bare"), model]) {
    await (await openImageEncoder("clip-vit-l-14", { modelDir })).close();
  }
});

test("a folder without the files says which must be there", async () => {
  const root = await temporaryFolder();
  await cp(HUB, root, { recursive: true });
  await rm(join(root, "Xenova/all-MiniLM-L6-v2/tokenizer.json"));
  const opening = openTextEncoder("minilm", { modelDir: root });
  await expect(opening).rejects.toThrow(ModelFolderIncomplete);
  await expect(opening).rejects.toThrow(/onnx\/model\.onnx, config\.json, tokenizer\.json, tokenizer_config\.json/);
});

test("damaged weights and the weights of another model are refused", async () => {
  const root = await temporaryFolder();
  await cp(HUB, root, { recursive: true });
  const weights = join(root, "Xenova/clip-vit-large-patch14/onnx/vision_model.onnx");
  const bytes = await readFile(weights);
  await writeFile(weights, bytes.subarray(0, bytes.length / 2));
  await expect(openImageEncoder("clip-vit-l-14", { modelDir: root })).rejects.toThrow(ModelUnusable);
  await cp(join(root, "Xenova/all-MiniLM-L6-v2/onnx/model.onnx"), weights);
  const other = await openImageEncoder("clip-vit-l-14", { modelDir: root });
  await expect(other.encode([pictureFile("odd.png")])).rejects.toThrow(ModelUnusable);
  await other.close();
});

test("an encoder that does not exist is refused with those that do", async () => {
  await expect(openImageEncoder("clip", {})).rejects.toThrow(EncoderUnknown);
  await expect(openTextEncoder("bert", {})).rejects.toThrow(/title-hash, minilm/);
});
