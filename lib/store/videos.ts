import { batches, paged } from "./batches";
import type { Database } from "./database";
import type { FoldCounts, PairsReport, QualityOutcome } from "./report";
import { type PairRow, toPair } from "./rows";
import type { Channel, Store } from "./store";
import { FOLDS, type Fold, type TrainingPair, type UpsertCounts } from "./types";
import { type RatedVideo, toRatedVideo, toVideo, toVideoRow, type Video, type VideoRow } from "./video";

const BATCH_SIZE = 1000;

/** What the SQL function `rebuild` returns; it omits folds without videos. */
type Rebuilt = Omit<PairsReport, "folds"> & { folds: Partial<Record<Fold, FoldCounts>> };

const REWRITTEN = ["thumbnails", "training_pairs", "channel_baselines"];

/** See `Store.upsertVideos`. */
export async function upsertVideos(
  database: Database,
  videos: Iterable<Video> | AsyncIterable<Video>,
): Promise<UpsertCounts> {
  const counts = { inserted: 0, updated: 0, unchanged: 0 };
  for await (const batch of batches(videos, BATCH_SIZE, (video) => video.videoId)) {
    const written = await database.call<Omit<UpsertCounts, "unchanged">>("upsert_videos", {
      batch: batch.map(toVideoRow),
    });
    const { inserted, updated } = written[0] ?? { inserted: 0, updated: 0 };
    counts.inserted += inserted;
    counts.updated += updated;
    counts.unchanged += batch.length - inserted - updated;
  }
  return counts;
}

/** See `Store.videos`. */
export async function* readVideos(database: Database): AsyncGenerator<Video> {
  for await (const row of rowsById(database, "videos_after")) yield toVideo(row);
}

/** See `Store.ratedVideos`. */
export async function* readRatedVideos(database: Database): AsyncGenerator<RatedVideo> {
  for await (const row of rowsById(database, "rated_videos_after")) yield toRatedVideo(row);
}

/** See `Store.pairs`. */
export async function* readPairs(database: Database, fold?: Fold): AsyncGenerator<TrainingPair> {
  const asked = { side: fold ?? null, size: database.pageRows };
  const rows = paged(
    0,
    (after) => database.call<PairRow>("pairs_after", { ...asked, after }),
    (row) => row.pair_id,
  );
  for await (const row of rows) yield toPair(row);
}

interface ChannelRow extends Omit<Channel, "channelId"> {
  channel_id: string;
}

/** See `Store.channels`. */
export async function readChannels(database: Database): Promise<Channel[]> {
  const channels: Channel[] = [];
  const rows = paged(
    "",
    (after) => database.call<ChannelRow>("channels_after", { after, size: database.pageRows }),
    (row) => row.channel_id,
  );
  for await (const { channel_id, ...row } of rows) channels.push({ channelId: channel_id, ...row });
  return channels;
}

async function* rowsById(database: Database, name: string): AsyncGenerator<VideoRow> {
  const rows = paged(
    "",
    (after) => database.call<{ video: VideoRow }>(name, { after, size: database.pageRows }),
    ({ video }) => String(video.video_id),
  );
  for await (const { video } of rows) yield video;
}

/** Builds quality marks, folds and pairs in a database. */
export function createTrainingData(database: Database): Pick<Store, "applyQuality" | "buildPairs"> {
  return {
    applyQuality: (options) => database.call<QualityOutcome>("apply_quality", { options }),
    async buildPairs(options) {
      const [row] = await database.call<{ report: Rebuilt }>("rebuild", { options: { ...options } });
      if (row === undefined) throw new Error("rebuild returned no row");
      // Every video was rewritten. PGlite does not free the old rows' space by itself.
      await database.vacuum(REWRITTEN);
      return { ...row.report, folds: toFoldCounts(row.report.folds) };
    },
  };
}

function toFoldCounts(counts: Partial<Record<Fold, FoldCounts>>): Record<Fold, FoldCounts> {
  const empty: FoldCounts = { channels: 0, videos: 0, pairs: 0 };
  const entries = FOLDS.map((fold) => [fold, counts[fold] ?? empty] as const);
  return Object.fromEntries(entries) as Record<Fold, FoldCounts>;
}
