import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { readWebAddress } from "../../base";
import type { Geometry } from "../geometry";
import { type ModelFiles, ModelFolderIncomplete } from "./errors";

/** Options for encoders that are not built in. */
export interface EncoderOptions {
  /** A folder in the hub's layout; if omitted, the hub is used. */
  modelDir?: string;
  /** Folder for downloads; defaults to `thumbrank/models` in the user's cache folder. */
  cacheDir?: string;
  /** Preprocessing of an earlier version of a picture encoder, for models trained on its vectors. */
  preprocessing?: string;
  /** How a picture encoder takes in pictures, unless the preprocessing says so; its own way if omitted. */
  geometry?: Geometry;
  /** Revision of the title vectors that a model was trained on; MiniLM is opened from the files that made them. */
  revision?: string;
  /** Called with a line for each download that is needed before an encoder can be opened. */
  announce?: (line: string) => void;
  /** Address of another hub; defaults to HF_ENDPOINT, else https://huggingface.co. */
  hub?: string;
}

/** Where transformers.js looks for a model. */
export interface ModelSource {
  /** A repository's name, or an absolute folder path. */
  id: string;
  /** Folder of its files, once it is loaded. */
  folder: string;
  cacheDir: string;
  /** Hub to download missing files from; nothing is downloaded if undefined. */
  hub?: string;
}

/**
 * Finds a model in a folder: at the hub's path below it, at the bare model name below it, or the folder itself. Without
 * a folder, returns the hub with its cache.
 * @throws ModelFolderIncomplete
 */
export function findModel(model: ModelFiles, { modelDir, cacheDir, hub }: EncoderOptions): ModelSource {
  const cache = cacheDir ?? join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "thumbrank", "models");
  if (modelDir === undefined) {
    const address = hub ?? readWebAddress("HF_ENDPOINT", process.env) ?? "https://huggingface.co";
    return { id: model.repository, folder: join(cache, model.repository), cacheDir: cache, hub: address };
  }
  const root = resolve(modelDir);
  const places = [join(root, model.repository), join(root, basename(model.repository)), root];
  const folder = places.find((place) => model.files.every((file) => existsSync(join(place, file))));
  if (folder === undefined) throw new ModelFolderIncomplete(root, model);
  return { id: folder, folder, cacheDir: cache };
}
