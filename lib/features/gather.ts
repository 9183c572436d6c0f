import type { Progress } from "../base";
import type { Paths } from "../config";
import { measureSignals, type PictureSignals } from "../embedding";
import { openStoreWithVideos, type RatedVideo, type Store } from "../store";
import type { Assembled } from "./assemble";
import type { DataOptions } from "./data";
import { type EncoderChoice, loadTrainingData } from "./load";

/** The home's folders that training data comes from. */
export type DataPaths = Pick<Paths, "store" | "embeddings" | "thumbnails">;

/**
 * The training data of a home; for `auxiliary: "signals"` pictures that were never measured are measured first.
 * @throws NoVideos, and what `loadTrainingData` throws
 */
export async function* gatherTrainingData(
  paths: DataPaths,
  options: DataOptions,
  choice: EncoderChoice = {},
): AsyncGenerator<Progress, Assembled> {
  const store = await openStoreWithVideos(paths);
  try {
    const signals = options.auxiliary === "signals" ? yield* signalsOf(store, paths) : undefined;
    return await loadTrainingData(store, paths, options, choice, signals);
  } finally {
    await store.close();
  }
}

async function* signalsOf(
  store: Pick<Store, "ratedVideos">,
  paths: DataPaths,
): AsyncGenerator<Progress, Map<string, PictureSignals>> {
  const videos: RatedVideo[] = [];
  for await (const video of store.ratedVideos()) videos.push(video);
  return yield* measureSignals(paths, videos);
}
