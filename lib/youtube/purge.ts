import { rm } from "node:fs/promises";
import type { Progress } from "../base";
import type { Paths } from "../config";
import { type Purged, picturePath, type Retention, type Thumbnail } from "../store";

/** Files to delete before each update of the store. */
const PICTURES_AT_ONCE = 200;

export interface PurgeOptions {
  store: Pick<Retention, "previewPurge" | "purge" | "purgedVideos" | "orphanedPictures" | "forgetOrphans">;
  paths: Pick<Paths, "thumbnails">;
  /** Deletes videos last read before this instant, and videos that YouTube no longer has. */
  before: Date;
  /** Deletes the vectors of videos from the local files; returns how many. */
  forgetVectors: (videoIds: ReadonlySet<string>) => Promise<number>;
}

/** What a purge deleted, including files. */
export interface PurgeReport extends Purged {
  pictures: number;
  /** Vectors in the local files. */
  fileVectors: number;
}

/**
 * Deletes collected videos that were not read since `before` or are removed from YouTube, and everything that belongs
 * to them: rows in the store, pictures, and vectors in local files. Imported data is kept. If it is killed, the next
 * purge completes it.
 * @throws EmbeddingFileBusy if an embedding is in progress
 */
export async function* purge(options: PurgeOptions): AsyncGenerator<Progress, PurgeReport> {
  const { store, before, forgetVectors } = options;
  const { stale, removed, pictures: expected } = await store.previewPurge(before);
  const deleted = yield* purgeVideos(store, before, stale + removed);
  const pictures = yield* purgeThumbnails(options, expected);
  const ids = new Set<string>();
  for await (const videoId of store.purgedVideos()) ids.add(videoId);
  return { ...deleted, pictures, fileVectors: ids.size === 0 ? 0 : await forgetVectors(ids) };
}

async function* purgeVideos(
  store: PurgeOptions["store"],
  before: Date,
  total: number,
): AsyncGenerator<Progress, Purged> {
  const sum: Purged = { stale: 0, removed: 0, channels: 0, readings: 0, vectors: 0, pairs: 0 };
  for await (const part of store.purge(before)) {
    sum.stale += part.stale;
    sum.removed += part.removed;
    sum.channels += part.channels;
    sum.readings += part.readings;
    sum.vectors += part.vectors;
    sum.pairs += part.pairs;
    yield { stage: "purge videos", done: sum.stale + sum.removed, total };
  }
  return sum;
}

/** Deletes each file before its record in the store, so that a purge that was killed in between finds the record. */
async function* purgeThumbnails({ store, paths }: PurgeOptions, total: number): AsyncGenerator<Progress, number> {
  let done: number = 0;
  let batch: Thumbnail[] = [];
  const deleteBatch = async () => {
    await Promise.all(batch.map((picture) => rm(picturePath(paths.thumbnails, picture), { force: true })));
    await store.forgetOrphans(batch);
    done += batch.length;
    batch = [];
  };
  for await (const picture of store.orphanedPictures()) {
    batch.push(picture);
    if (batch.length < PICTURES_AT_ONCE) continue;
    await deleteBatch();
    yield { stage: "purge pictures", done, total: Math.max(done, total) };
  }
  await deleteBatch();
  return done;
}
