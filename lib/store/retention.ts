import { paged } from "./batches";
import { type Absent, type Reading, toReadingRows } from "./collection";
import type { Database } from "./database";
import { toPicture } from "./rows";
import type { Thumbnail } from "./video";

/** What a purge deletes from the store. */
export interface Purged {
  /** Videos whose data were older than allowed, and videos that YouTube no longer has. */
  stale: number;
  removed: number;
  /** Channels left without a video. */
  channels: number;
  /** Readings of views, vectors and training pairs of those videos. */
  readings: number;
  vectors: number;
  pairs: number;
}

/** What a purge would delete, with the pictures that it would leave to no video. */
export interface PurgePreview extends Purged {
  pictures: number;
}

/** What a channel says about itself; null of one that is gone, or that hides its subscribers. */
export interface ChannelReading {
  channelId: string;
  title: string | null;
  subscribers: number | null;
  readAt: Date;
}

/**
 * Keeps what came from the Data API fresh and lawful. It touches nothing that was imported from a table: only videos
 * that a collection read.
 */
export interface Retention {
  /** Ids of collected videos last read before an instant, by id. */
  staleVideos(before: Date): AsyncIterable<string>;
  countStaleVideos(before: Date): Promise<number>;
  /**
   * Updates collected videos that were last read before `before`, each reading a row of view_snapshots, and marks those
   * that are gone. Returns how many those were: what was read since is left alone.
   */
  saveRefreshed(before: Date, read: Reading[], absent: Absent[]): Promise<number>;
  /** Ids of accepted channels whose details were last read before an instant, by id. */
  staleChannels(before: Date): AsyncIterable<string>;
  countStaleChannels(before: Date): Promise<number>;
  /** Updates channels that were last read before `before`; returns how many those were. */
  saveRefreshedChannels(before: Date, read: ChannelReading[]): Promise<number>;
  /** What `purge` would delete. */
  previewPurge(before: Date): Promise<PurgePreview>;
  /**
   * Deletes collected videos last read before an instant, and removed ones, with all that hangs on them, a thousand at
   * a time: each yields what it deleted, and what a killed purge left, the next one deletes.
   */
  purge(before: Date): AsyncGenerator<Purged>;
  /** Videos that a purge took and nothing brought back, by id: files may hold something of them. */
  purgedVideos(): AsyncIterable<string>;
  /** Pictures that purged videos left and no video has, whose files are to be deleted. */
  orphanedPictures(): AsyncIterable<Thumbnail>;
  /** Forgets orphans whose files are deleted. */
  forgetOrphans(pictures: Thumbnail[]): Promise<void>;
}

/** Of a purge; a call must end within the seconds that some servers give it. */
const PURGE_VIDEOS = 1000;
const PURGE_PAIRS = 100_000;

const NOTHING: Purged = { stale: 0, removed: 0, channels: 0, readings: 0, vectors: 0, pairs: 0 };

/** Refresh and retention in a database. */
export function createRetention(database: Database): Retention {
  const size = database.pageRows;
  return {
    staleVideos: (before) => videoIds(database, "stale_videos_after", { before }),
    countStaleVideos: (before) => count(database, "count_stale_videos", before),
    async *staleChannels(before) {
      type Row = { channel_id: string };
      const after = (id: string) => database.call<Row>("stale_channels_after", { before, after: id, size });
      for await (const row of paged("", after, (each) => each.channel_id)) yield row.channel_id;
    },
    countStaleChannels: (before) => count(database, "count_stale_channels", before),
    async saveRefreshedChannels(before, read) {
      const batch = read.map(({ channelId, readAt, ...rest }) => ({ channel_id: channelId, read_at: readAt, ...rest }));
      const [row] = await database.call<{ saved: number }>("save_refreshed_channels", { before, batch });
      return row?.saved ?? 0;
    },
    async saveRefreshed(before, read, absent) {
      const [row] = await database.call<{ saved: number }>("save_refreshed", {
        before,
        ...toReadingRows(read, absent),
      });
      return row?.saved ?? 0;
    },
    async previewPurge(before) {
      const [row] = await database.call<PurgePreview>("purge_preview", { before });
      return row ?? { ...NOTHING, pictures: 0 };
    },
    async *purge(before) {
      // Pairs first: none of them ever names a video that is not there.
      yield* purgePairs(database, before);
      yield* purgeVideos(database, before);
      await database.call("finish_purge", { before });
    },
    purgedVideos: () => videoIds(database, "purged_videos_after", {}),
    async *orphanedPictures() {
      type Row = { picture_sha256: string; picture_format: Thumbnail["format"] };
      const after = (sha256: string) => database.call<Row>("orphaned_pictures_after", { after: sha256, size });
      for await (const row of paged("", after, (each) => each.picture_sha256)) {
        const picture = toPicture(row);
        if (picture !== null) yield picture;
      }
    },
    async forgetOrphans(pictures) {
      await database.call("forget_orphans", { batch: pictures.map(({ sha256 }) => sha256) });
    },
  };
}

async function count(database: Database, name: string, before: Date): Promise<number> {
  const [row] = await database.call<{ stale: number }>(name, { before });
  return row?.stale ?? 0;
}

async function* videoIds(database: Database, name: string, asked: { before?: Date }): AsyncGenerator<string> {
  const size = database.pageRows;
  const after = (id: string) => database.call<{ video_id: string }>(name, { ...asked, after: id, size });
  for await (const row of paged("", after, (each) => each.video_id)) yield row.video_id;
}

async function* purgePairs(database: Database, before: Date): AsyncGenerator<Purged> {
  for (let after: number | null = 0; after !== null; ) {
    type Row = { pairs: number; last: number | null };
    const rows: Row[] = await database.call<Row>("purge_pairs", { before, after, size: PURGE_PAIRS });
    yield { ...NOTHING, pairs: rows[0]?.pairs ?? 0 };
    after = rows[0]?.last ?? null;
  }
}

async function* purgeVideos(database: Database, before: Date): AsyncGenerator<Purged> {
  for (;;) {
    const [row] = await database.call<Omit<Purged, "pairs">>("purge_videos", { before, size: PURGE_VIDEOS });
    if (row === undefined || row.stale + row.removed === 0) return;
    yield { ...row, pairs: 0 };
  }
}
