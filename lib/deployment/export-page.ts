import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findClipFile } from "../embedding";
import { exists, MANIFEST, namesIn, readFolder, writeFolder } from "../files";
import { OFFSETS_FILE } from "../runs";
import { onnxFile } from "./card";
import { PageEncoderMissing, PageFolderTaken, PageNotBuilt } from "./errors";
import { loadModel } from "./load-model";

const CLIP = "clip-vit-l-14";
/** The encoders that the page runs in a browser. */
const IN_BROWSER = ["descriptor", CLIP, "title-hash"];
/** Name of CLIP's vision model in the folder. */
export const CLIP_FILE = "clip-vision.onnx";

/** Files of the built page by their names in the folder; its script for pages without a service takes the other's name. */
const PAGE_FILES = {
  "page.js": "browser.js",
  "page.css": "page.css",
  "icon.svg": "icon.svg",
  "ort-wasm-simd-threaded.wasm": "ort-wasm-simd-threaded.wasm",
};
const ONNX_BESIDE = "model.onnx";

/**
 * Writes the web page with a model beside it: a folder that any web server can send, and that ranks in the browser alone.
 * @param modelFolder a version's
 * @param builtPage where the set-up put the page
 * @param target a new or empty folder, or one that this function wrote; it is written whole or not at all
 * @param modelDir folder with CLIP's files, which go along if the model was trained with CLIP
 * @throws ModelMissing, ModelDamaged, PageEncoderMissing, PageNotBuilt, PageFolderTaken, ModelFolderIncomplete
 */
export async function exportPage(
  modelFolder: string,
  builtPage: string,
  target: string,
  modelDir?: string,
): Promise<void> {
  const { card, version, close } = await loadModel(modelFolder);
  await close();
  const names = [card.encoders.image.model, card.encoders.text.model];
  const needsClip = names.includes(CLIP);
  const missing = names.filter((name) => !IN_BROWSER.includes(name) || (name === CLIP && modelDir === undefined));
  if (missing.length > 0) throw new PageEncoderMissing(missing);
  if (!(await exists(join(builtPage, "index.html")))) throw new PageNotBuilt(builtPage);
  await refuseForeign(target);
  const model = await readFolder(modelFolder);
  const html = await readFile(join(builtPage, "index.html"), "utf8");
  const page = html.replace('data-model="" data-version=""', `data-model="./" data-version="${version}"`);
  const files: Record<string, Uint8Array> = { "index.html": Buffer.from(page) };
  for (const [name, source] of Object.entries(PAGE_FILES)) files[name] = await readFile(join(builtPage, source));
  const beside = { "model.json": "model.json", [ONNX_BESIDE]: onnxFile(card), [OFFSETS_FILE]: OFFSETS_FILE };
  for (const [name, source] of Object.entries(beside)) {
    const bytes = model[source];
    if (bytes !== undefined) files[name] = bytes;
  }
  if (needsClip && modelDir !== undefined) files[CLIP_FILE] = await readFile(findClipFile(modelDir));
  await writeFolder(target, files);
}

/** A folder with other files is not replaced: somebody's web server may send them. @throws PageFolderTaken */
async function refuseForeign(target: string): Promise<void> {
  const names = await namesIn(target);
  if (names.length === 0) return;
  const earlier = await readFolder(target).catch(() => ({}));
  const isEarlierPage = "index.html" in earlier && ONNX_BESIDE in earlier;
  if (!isEarlierPage || names.some((name) => !(name in earlier) && name !== MANIFEST))
    throw new PageFolderTaken(target);
}
