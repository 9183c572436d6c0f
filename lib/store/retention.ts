import { paged } from "./batches";
import { type Absent, type Reading, readingsOf } from "./collection";
import type { Database } from "./database";
import { pictureOf } from "./rows";
import type { Picture } from "./types";

/** What a purge deleted. */
export interface Purged {
  /** Videos whose data were older than allowed, and videos that YouTube no longer has. */
  stale: number;
  removed: number;
  /** Channels left without a video. */
  channels: number;
}

/**
 * Keeps what came from the Data API fresh and lawful. It touches nothing that was imported from a table: only videos
 * that a collection listed.
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
  /** Deletes collected videos last read before an instant, and removed ones, with all that hangs on them. */
  purge(before: Date): Promise<Purged>;
  /** Pictures that no video has any more, whose files are to be deleted. */
  orphanedPictures(): AsyncIterable<Picture>;
  /** Forgets orphans whose files are deleted. */
  forgetOrphans(pictures: Picture[]): Promise<void>;
}

/** Refresh and retention in a database. */
export function retentionOf(database: Database): Retention {
  const size = database.pageRows;
  return {
    async *staleVideos(before) {
      type Row = { video_id: string };
      const after = (id: string) => database.call<Row>("stale_videos_after", { before, after: id, size });
      for await (const row of paged("", after, (each) => each.video_id)) yield row.video_id;
    },
    async countStaleVideos(before) {
      const [row] = await database.call<{ stale: number }>("count_stale_videos", { before });
      return row?.stale ?? 0;
    },
    async saveRefreshed(before, read, absent) {
      const [row] = await database.call<{ saved: number }>("save_refreshed", { before, ...readingsOf(read, absent) });
      return row?.saved ?? 0;
    },
    async purge(before) {
      const [row] = await database.call<Purged>("purge", { before });
      return row ?? { stale: 0, removed: 0, channels: 0 };
    },
    async *orphanedPictures() {
      type Row = { picture_sha256: string; picture_format: Picture["format"] };
      const after = (sha256: string) => database.call<Row>("orphaned_pictures_after", { after: sha256, size });
      for await (const row of paged("", after, (each) => each.picture_sha256)) {
        const picture = pictureOf(row);
        if (picture !== null) yield picture;
      }
    },
    async forgetOrphans(pictures) {
      await database.call("forget_orphans", { batch: pictures.map(({ sha256 }) => sha256) });
    },
  };
}
