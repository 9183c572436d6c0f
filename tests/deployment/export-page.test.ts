import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportModel, exportPage, PageEncoderMissing, PageFolderTaken, PageNotBuilt } from "../../lib/deployment";
import { ModelFolderIncomplete } from "../../lib/embedding";
import { trainedModel } from "./trained";

let home: string;
let model: string;
let built: string;

/** A page in small: what is in the files does not matter here. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "export-page-"));
  model = await exportModel(join(home, "models"), await trainedModel());
  built = join(home, "built");
  await mkdir(built);
  await writeFile(join(built, "index.html"), '<html data-model="" data-version="">');
  for (const name of ["page.js", "browser.js", "page.css", "icon.svg", "ort-wasm-simd-threaded.wasm"])
    await writeFile(join(built, name), `content of ${name}`);
});
afterAll(() => rm(home, { recursive: true }));

test("the folder holds the page that ranks by itself, and the model's own files", async () => {
  const site = join(home, "site");
  await exportPage(model, built, site);
  expect(await readFile(join(site, "index.html"), "utf8")).toMatch(/data-model="\.\/" data-version="\d+"/);
  expect(await readFile(join(site, "page.js"), "utf8")).toBe("content of browser.js");
  expect(await readFile(join(site, "model.json"))).toEqual(await readFile(join(model, "model.json")));
  expect(await readFile(join(site, "model.onnx"))).toEqual(await readFile(join(model, "1", "model.onnx")));
});

test("an earlier page is replaced; a folder with anything else is refused and kept", async () => {
  const site = join(home, "again");
  await exportPage(model, built, site);
  await exportPage(model, built, site);
  await writeFile(join(site, "mine.html"), "mine");
  await expect(exportPage(model, built, site)).rejects.toThrow(PageFolderTaken);
  expect(await readdir(site)).toContain("mine.html");
  await expect(exportPage(model, built, join(home, "models"))).rejects.toThrow(PageFolderTaken);
  await expect(exportPage(model, built, model)).rejects.toThrow(PageFolderTaken);
  expect(await readdir(model)).toContain("model.safetensors");
});

test("a model of an encoder that browsers lack, CLIP without its files, and a page that was not built, are refused", async () => {
  const { identities, ...rest } = await trainedModel({ name: "clip" });
  const image = { ...identities.image, model: "clip-vit-l-14" };
  const other = await exportModel(join(home, "models"), { ...rest, identities: { ...identities, image } });
  const site = join(home, "none");
  await expect(exportPage(other, built, site)).rejects.toThrow(PageEncoderMissing);
  await expect(exportPage(other, built, site, home)).rejects.toThrow(ModelFolderIncomplete);
  await expect(exportPage(model, join(home, "nothing"), site)).rejects.toThrow(PageNotBuilt);
  expect(await readdir(home)).not.toContain("none");
});
