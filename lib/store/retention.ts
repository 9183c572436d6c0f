import { paged } from "./batches";
import { type Absent, type Reading, toReadingRows } from "./collection";
import type { Argument, Database } from "./database";
import { toPicture } from "./rows";
import type { Thumbnail } from "./video";

/** What a purge deletes from the store. */
export interface Purged {
  /** Videos whose data was older than allowed. */
  stale: number;
  /** Videos that YouTube no longer has. */
  removed: number;
  /** Channels left without a video. */
  channels: number;
  /** Rows of view_snapshots, vectors and training pairs of those videos. */
  readings: number;
  vectors: number;
  pairs: number;
}

/** What a purge would delete, including the pictures that no video would use any more. */
export interface PurgePreview extends Purged {
  pictures: number;
}

/** A channel's current details; null if the channel is gone, or if it hides its subscriber count. */
export interface ChannelReading {
  channelId: string;
  title: string | null;
  subscribers: number | null;
  readAt: Date;
}

/** Current statistics of a video; null keeps what is stored. */
export interface VideoStatistics {
  videoId: string;
  collectedAt: Date;
  views: number;
  likes: number | null;
  comments: number | null;
  durationSeconds: number | null;
}

/**
 * Keeps data from the Data API within YouTube's storage policy. It only touches videos that were collected, never
 * videos imported from a table.
 */
export interface Retention {
  /**
   * Ids of collected videos whose statistics were last read before an instant, ordered by id.
   * @param details if given, also those whose other details (title, thumbnails) were last read before this instant
   */
  staleVideos(before: Date, details?: Date): AsyncIterable<string>;
  countStaleVideos(before: Date, details?: Date): Promise<number>;
  /** Those of `staleVideos` whose details are recent enough, so that reading their statistics will do. */
  staleStatistics(before: Date, details: Date): AsyncIterable<string>;
  countStaleStatistics(before: Date, details: Date): Promise<number>;
  /**
   * Updates those of `staleVideos` that were read, adding each reading to view_snapshots, and marks those that are gone.
   * Videos read since then are left alone.
   * @returns the number of videos changed
   */
  saveRefreshed(before: Date, read: Reading[], absent: Absent[], details?: Date): Promise<number>;
  /** Updates the statistics of those of `staleStatistics` that were read, and adds each reading to view_snapshots. */
  saveStatistics(before: Date, read: VideoStatistics[], details: Date): Promise<number>;
  /** Ids of accepted channels whose details were last read before an instant, ordered by id. */
  staleChannels(before: Date): AsyncIterable<string>;
  countStaleChannels(before: Date): Promise<number>;
  /** Updates channels that were last read before `before`; returns the number updated. */
  saveRefreshedChannels(before: Date, read: ChannelReading[]): Promise<number>;
  /** What `purge` would delete. */
  previewPurge(before: Date): Promise<PurgePreview>;
  /**
   * Deletes collected videos last read before an instant, and removed videos, with everything that refers to them. It
   * works in batches and yields what each batch deleted; if a purge is killed, the next one deletes the rest.
   */
  purge(before: Date): AsyncGenerator<Purged>;
  /** Ids of videos that were purged and not collected again, ordered by id: files may still hold data about them. */
  purgedVideos(): AsyncIterable<string>;
  /** Pictures of purged videos that no other video uses: their files must be deleted. */
  orphanedPictures(): AsyncIterable<Thumbnail>;
  /** Forgets orphans whose files are deleted. */
  forgetOrphans(pictures: Thumbnail[]): Promise<void>;
}

/** Batch sizes of a purge; each call must finish within the few seconds that some servers allow. */
const PURGE_VIDEOS = 1000;
const PURGE_PAIRS = 100_000;

const NOTHING: Purged = { stale: 0, removed: 0, channels: 0, readings: 0, vectors: 0, pairs: 0 };

/** Implements refresh and retention on a database. */
export function createRetention(database: Database): Retention {
  const size = database.pageRows;
  return {
    staleVideos: (before, details) => videoIds(database, "stale_videos_after", toStale(before, details, false)),
    countStaleVideos: (before, details) => count(database, "count_stale_videos", toStale(before, details, false)),
    staleStatistics: (before, details) => videoIds(database, "stale_videos_after", toStale(before, details, true)),
    countStaleStatistics: (before, details) => count(database, "count_stale_videos", toStale(before, details, true)),
    async *staleChannels(before) {
      type Row = { channel_id: string };
      const after = (id: string) => database.call<Row>("stale_channels_after", { before, after: id, size });
      for await (const row of paged("", after, (each) => each.channel_id)) yield row.channel_id;
    },
    countStaleChannels: (before) => count(database, "count_stale_channels", { before }),
    async saveRefreshedChannels(before, read) {
      const batch = read.map(({ channelId, readAt, ...rest }) => ({ channel_id: channelId, read_at: readAt, ...rest }));
      const [row] = await database.call<{ saved: number }>("save_refreshed_channels", { before, batch });
      return row?.saved ?? 0;
    },
    async saveRefreshed(before, read, absent, details) {
      const asked = { before, details_before: details ?? null, ...toReadingRows(read, absent) };
      const [row] = await database.call<{ saved: number }>("save_refreshed", asked);
      return row?.saved ?? 0;
    },
    async saveStatistics(before, read, details) {
      const asked = { before, details_before: details, batch: read.map(toStatisticsRow) };
      const [row] = await database.call<{ saved: number }>("save_statistics", asked);
      return row?.saved ?? 0;
    },
    async previewPurge(before) {
      const [row] = await database.call<PurgePreview>("purge_preview", { before });
      return row ?? { ...NOTHING, pictures: 0 };
    },
    async *purge(before) {
      // Pairs go first, so that no pair ever refers to a missing video.
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

type Asked = Readonly<Record<string, Argument>>;

/** What `is_stale` asks; no instant for details means that they may be of any age. */
const toStale = (before: Date, details: Date | undefined, byStatistics: boolean) => ({
  before,
  details_before: details ?? null,
  by_statistics: byStatistics,
});

async function count(database: Database, name: string, asked: Asked): Promise<number> {
  const [row] = await database.call<{ stale: number }>(name, asked);
  return row?.stale ?? 0;
}

async function* videoIds(database: Database, name: string, asked: Asked): AsyncGenerator<string> {
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

const toStatisticsRow = ({ videoId, collectedAt, durationSeconds, ...counts }: VideoStatistics) => ({
  video_id: videoId,
  collected_at: collectedAt,
  duration_seconds: durationSeconds,
  ...counts,
});
