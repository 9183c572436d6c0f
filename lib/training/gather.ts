import type { Paths, TrainingOptions } from "../config";
import { measureSignals } from "../embedding";
import type { Progress } from "../progress";
import { type RatedVideo, type Store, withStore } from "../store";
import type { Assembled } from "./assemble";
import { type EncoderChoice, loadTrainingData } from "./load";

/** The home's folders that training data comes from. */
export type DataPaths = Pick<Paths, "store" | "embeddings" | "thumbnails">;

/**
 * The training data of a home; for `auxiliary: "signals"` pictures that were never measured are measured first. The
 * store is open only while it is read.
 * @throws what `loadTrainingData` throws
 */
export async function* gatherTrainingData(
  paths: DataPaths,
  options: Pick<TrainingOptions, "auxiliary" | "pairWeights">,
  choice: EncoderChoice = {},
): AsyncGenerator<Progress, Assembled> {
  const signals =
    options.auxiliary === "signals" ? yield* measureSignals(paths, await withStore(paths, ratedOf)) : undefined;
  return withStore(paths, (store) => loadTrainingData(store, paths, options, choice, signals));
}

async function ratedOf(store: Store): Promise<RatedVideo[]> {
  const videos: RatedVideo[] = [];
  for await (const video of store.ratedVideos()) videos.push(video);
  return videos;
}
