import type { Progress } from "../base";
import type { Paths } from "../config";
import { type EmbedReport, embedAll, openVectors } from "../embedding";
import { asFloat32, joinFeatures, type TrainingData } from "../features";
import { AUXILIARY_HEADS, type Predictions } from "../model";
import { assertPaired, openStoreWithVideos } from "../store";
import type { Encoders } from "./encoders";
import type { LoadedModel } from "./load-model";

/** Rows predicted at once, which bounds memory. */
const CHUNK_ROWS = 1024;

/** What an exported model says of the rated videos of a home. */
export interface HomePredictions {
  /** The videos with the home's own folds, pairs and labels, and vectors by the model's encoders. */
  data: TrainingData;
  /** By row of the data. */
  predictions: Predictions;
  embedded: EmbedReport;
  /** Rated videos without a vector, such as those whose picture cannot be read. */
  withoutVectors: string[];
}

/**
 * Predicts all videos that a home's `pairs` put in a fold, with an exported model. Videos that have no vector by the
 * model's encoders yet are embedded first, into the home's files and store, as `thumbrank embed` would.
 * @throws NoVideos, NoPairs, and what `embedAll` and `joinFeatures` throw
 */
export async function* predictHome(
  model: LoadedModel,
  encoders: Encoders,
  paths: Pick<Paths, "store" | "embeddings" | "thumbnails">,
): AsyncGenerator<Progress, HomePredictions> {
  const store = await openStoreWithVideos(paths);
  try {
    await assertPaired(store);
    const embedded = yield* embedAll({ store, paths, ...encoders });
    const image = await openVectors(paths, encoders.image.identity);
    const text = await openVectors(paths, encoders.text.identity);
    const { training } = model.card.config;
    // Evaluation does not look at the sub-scores' targets, for which pictures would have to be measured.
    const joined = await joinFeatures(store, { image, text }, { ...training, auxiliary: "ctr" });
    return { ...joined, predictions: await predictAll(model, joined.data), embedded };
  } finally {
    await store.close();
  }
}

async function predictAll(model: LoadedModel, data: TrainingData): Promise<Predictions> {
  const features = asFloat32(data.features);
  const width = data.imageDim + data.textDim;
  const rows = data.videos.length;
  const scores = new Float32Array(rows);
  const ctr = new Float32Array(rows);
  const auxiliary = new Float32Array(rows * AUXILIARY_HEADS.length);
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const end = Math.min(start + CHUNK_ROWS, rows);
    const chunk = await model.predict(features.slice(start * width, end * width));
    scores.set(chunk.scores, start);
    ctr.set(chunk.ctr, start);
    auxiliary.set(chunk.auxiliary, start * AUXILIARY_HEADS.length);
  }
  return { scores, ctr, auxiliary };
}
