import type { QualityOptions } from "../config";
import { batches, paged } from "./batches";
import type { SqlConnection } from "./connection";
import { countMissingEmbeddings, missingEmbeddings, readEmbeddings, saveEmbeddings } from "./embeddings";
import type { FoldCounts, PairsReport, QualityOutcome } from "./report";
import {
  type PairRow,
  pairOf,
  type RatedRow,
  ratedVideoOf,
  rowOf,
  VIDEO_COLUMNS,
  type VideoRow,
  videoOf,
} from "./rows";
import type { BuildOptions, Channel, Embedding, EmbeddingScope, Evaluation, Store } from "./store";
import {
  type EncoderIdentity,
  FOLDS,
  type Fold,
  type RatedVideo,
  type TrainingPair,
  type UpsertCounts,
  type Video,
} from "./types";

const BATCH_SIZE = 1000;
const PAGE_SIZE = 5000;

/** What the SQL function `rebuild` returns: folds without videos are not in it. */
type Rebuilt = Omit<PairsReport, "folds"> & { folds: Partial<Record<Fold, FoldCounts>> };

/** The store on PostgreSQL's SQL, whichever connection reaches it; its logic is in schema.sql. */
export class SqlStore implements Store {
  constructor(private readonly connection: SqlConnection) {}

  get description(): string {
    return this.connection.description;
  }

  async upsertVideos(videos: Iterable<Video> | AsyncIterable<Video>): Promise<UpsertCounts> {
    const counts = { inserted: 0, updated: 0, unchanged: 0 };
    for await (const batch of batches(videos, BATCH_SIZE, (video) => video.videoId)) {
      const { inserted, updated } = await this.one<{ inserted: number; updated: number }>(
        "select inserted, updated from upsert_videos($1::jsonb)",
        [JSON.stringify(batch.map(rowOf))],
      );
      counts.inserted += inserted;
      counts.updated += updated;
      counts.unchanged += batch.length - inserted - updated;
    }
    return counts;
  }

  async count(): Promise<number> {
    return (await this.one<{ videos: number }>("select count(*)::float8 as videos from thumbnails")).videos;
  }

  channels(): Promise<Channel[]> {
    return this.connection.query<Channel>(
      `select channel_id as "channelId", channel_title as title, niche, subscribers::float8,
         (select count(*)::float8 from thumbnails where thumbnails.channel_id = channels.channel_id) as videos
       from channels order by channel_id`,
    );
  }

  async *videos(): AsyncGenerator<Video> {
    for await (const row of this.videoRows<VideoRow>(VIDEO_COLUMNS, "true")) yield videoOf(row);
  }

  applyQuality(options: QualityOptions): Promise<QualityOutcome[]> {
    return this.connection.query<QualityOutcome>("select rule, removed, applied, note from apply_quality($1::jsonb)", [
      JSON.stringify(options),
    ]);
  }

  async buildPairs(options: BuildOptions): Promise<PairsReport> {
    const { report } = await this.one<{ report: Rebuilt }>("select rebuild($1::jsonb) as report", [
      JSON.stringify(options),
    ]);
    // Every video was rewritten: give the old rows' room back, which PGlite does not do by itself.
    await this.connection.query("vacuum (analyze) thumbnails, training_pairs, channel_baselines");
    return { ...report, folds: everyFold(report.folds) };
  }

  async *ratedVideos(): AsyncGenerator<RatedVideo> {
    const columns = `${VIDEO_COLUMNS}, fold, views_per_hour, proxy, ctr_proxy`;
    for await (const row of this.videoRows<RatedRow>(columns, "fold is not null")) yield ratedVideoOf(row);
  }

  async *pairs(fold?: Fold): AsyncGenerator<TrainingPair> {
    const sql = `select pair_id::float8, winner_id, loser_id, channel_id, fold, margin from training_pairs
      where pair_id > $1 and ($2::text is null or fold = $2) order by training_pairs.pair_id limit ${PAGE_SIZE}`;
    const rows = paged(
      0,
      (after) => this.connection.query<PairRow>(sql, [after, fold ?? null]),
      (row) => row.pair_id,
    );
    for await (const row of rows) yield pairOf(row);
  }

  saveEmbeddings(identity: EncoderIdentity, embeddings: Iterable<Embedding> | AsyncIterable<Embedding>): Promise<void> {
    return saveEmbeddings(this.connection, identity, embeddings);
  }

  embeddings(identity: EncoderIdentity): AsyncIterable<Embedding> {
    return readEmbeddings(this.connection, identity);
  }

  missingEmbeddings(identity: EncoderIdentity, scope: EmbeddingScope = "rated") {
    return missingEmbeddings(this.connection, identity, scope);
  }

  countMissingEmbeddings(identity: EncoderIdentity, scope: EmbeddingScope = "rated"): Promise<number> {
    return countMissingEmbeddings(this.connection, identity, scope);
  }

  async saveEvaluation({ model, evaluatedAt, dataHash, metrics }: Evaluation): Promise<void> {
    await this.connection.query(
      `insert into model_evaluations (model, evaluated_at, data_hash, metrics) values ($1, $2, $3, $4::jsonb)
       on conflict (model, evaluated_at) do update set data_hash = excluded.data_hash, metrics = excluded.metrics`,
      [model, evaluatedAt.toISOString(), dataHash, JSON.stringify(metrics)],
    );
  }

  evaluations(): Promise<Evaluation[]> {
    return this.connection.query<Evaluation>(
      `select model, evaluated_at as "evaluatedAt", data_hash as "dataHash", metrics from model_evaluations
       order by evaluated_at desc, model`,
    );
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private videoRows<Row extends VideoRow>(columns: string, condition: string): AsyncGenerator<Row> {
    const sql = `select ${columns} from thumbnails join channels using (channel_id)
      where ${condition} and video_id > $1 order by video_id limit ${PAGE_SIZE}`;
    return paged(
      "",
      (after) => this.connection.query<Row>(sql, [after]),
      (row) => row.video_id,
    );
  }

  private async one<Row>(sql: string, parameters: unknown[] = []): Promise<Row> {
    const [row] = await this.connection.query<Row>(sql, parameters);
    if (row === undefined) throw new Error(`no row came of: ${sql}`);
    return row;
  }
}

function everyFold(counts: Partial<Record<Fold, FoldCounts>>): Record<Fold, FoldCounts> {
  const empty: FoldCounts = { channels: 0, videos: 0, pairs: 0 };
  const entries = FOLDS.map((fold) => [fold, counts[fold] ?? empty] as const);
  return Object.fromEntries(entries) as Record<Fold, FoldCounts>;
}
