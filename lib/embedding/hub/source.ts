import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { readWebAddress } from "../../base";
import { type ModelFiles, ModelFolderIncomplete } from "./errors";

/** Where encoders that are not built in come from. */
export interface EncoderOptions {
  /** A folder in the hub's layout; without it the hub is asked. */
  modelDir?: string;
  /** Where downloads are kept; without it `thumbrank/models` in the user's cache folder. */
  cacheDir?: string;
  /** Of an earlier version of a picture encoder, for models that were trained on its vectors. */
  preprocessing?: string;
  /** Of the title vectors a model was trained on: MiniLM is opened from the files that made them. */
  revision?: string;
  /** Told in a line each of what is fetched before an encoder can be opened. */
  announce?: (line: string) => void;
  /** Another hub's address; without it HF_ENDPOINT, else https://huggingface.co. */
  hub?: string;
}

/** Where transformers.js shall look. */
export interface ModelSource {
  /** A repository's name, or an absolute folder. */
  id: string;
  /** Where its files lie, once it is loaded. */
  folder: string;
  cacheDir: string;
  /** Where to ask for files that are not there; undefined: nowhere. */
  hub?: string;
}

/**
 * Finds a model in a folder: below it as on the hub, below it by its bare name, or the folder itself. Without a folder,
 * the hub with its cache.
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
