import { collectionOf } from "./collection";
import { ctrReportsOf } from "./ctr";
import type { Database } from "./database";
import {
  countMissingEmbeddings,
  missingEmbeddings,
  missingEmbeddingsAmong,
  readEmbeddings,
  saveEmbeddings,
} from "./embeddings";
import { evaluationsOf } from "./evaluations";
import { quotaLedgerOf } from "./quota";
import { retentionOf } from "./retention";
import type { Store } from "./store";
import { trainingDataOf } from "./training-data";
import { readChannels, readPairs, readRatedVideos, readVideos, upsertVideos } from "./videos";

/** The store on a database, whichever it is: what it does is in the functions of schema/. */
export function databaseStore(database: Database): Store {
  return {
    description: database.description,
    upsertVideos: (videos) => upsertVideos(database, videos),
    async count() {
      const [row] = await database.call<{ videos: number }>("count_videos");
      return row?.videos ?? 0;
    },
    channels: () => readChannels(database),
    videos: () => readVideos(database),
    ratedVideos: () => readRatedVideos(database),
    pairs: (fold) => readPairs(database, fold),
    saveEmbeddings: (encoder, embeddings) => saveEmbeddings(database, encoder, embeddings),
    embeddings: (encoder) => readEmbeddings(database, encoder),
    missingEmbeddings: (encoder, scope = "rated") => missingEmbeddings(database, encoder, scope),
    missingEmbeddingsAmong: (encoder, videoIds) => missingEmbeddingsAmong(database, encoder, videoIds),
    countMissingEmbeddings: (encoder, scope = "rated") => countMissingEmbeddings(database, encoder, scope),
    ...trainingDataOf(database),
    ...evaluationsOf(database),
    ...collectionOf(database),
    ...quotaLedgerOf(database),
    ...retentionOf(database),
    ...ctrReportsOf(database),
    close: () => database.close(),
  };
}
