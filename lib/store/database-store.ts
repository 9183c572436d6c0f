import { createCollection } from "./collection";
import type { SqlConnection } from "./connection";
import { createCtrReports } from "./ctr";
import type { Argument, Database } from "./database";
import {
  countMissingEmbeddings,
  missingEmbeddings,
  missingEmbeddingsAmong,
  readEmbeddings,
  saveEmbeddings,
} from "./embeddings";
import { createEvaluations } from "./evaluations";
import { createLabels } from "./labels";
import { createQuotaLedger } from "./quota";
import { createRetention } from "./retention";
import type { Store } from "./store";
import { createTrainingData, readChannels, readPairs, readRatedVideos, readVideos, upsertVideos } from "./videos";

const PAGE_ROWS = 5000;

/** Implements the store on any database; the work is done by the SQL functions in supabase/migrations. */
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
    ...createTrainingData(database),
    ...createLabels(database),
    ...createEvaluations(database),
    ...createCollection(database),
    ...createQuotaLedger(database),
    ...createRetention(database),
    ...createCtrReports(database),
    close: () => database.close(),
  };
}

/** Calls the schema's functions through SQL. */
export function sqlDatabase(connection: SqlConnection): Database {
  return {
    description: connection.description,
    pageRows: PAGE_ROWS,
    bulk: connection.bulk,
    call<Row>(name: string, values: Readonly<Record<string, Argument>> = {}) {
      const names = Object.keys(values).map((key, index) => `${key} => $${index + 1}`);
      return connection.query<Row>(
        `select * from ${name}(${names.join(", ")})`,
        Object.values(values).map(toParameter),
      );
    },
    async vacuum(tables) {
      await connection.query(`vacuum (analyze) ${tables.join(", ")}`);
    },
    close: () => connection.close(),
  };
}

/** Drivers would treat arrays as PostgreSQL arrays and convert instants to local time. */
function toParameter(value: Argument): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
