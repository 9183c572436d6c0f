import type { Collection, CollectionCounts, CollectionRefusal, QuotaBucket } from "../store";
import type { Youtube } from "./open";

/** What a collection holds, and what this run of it spent. */
export interface CollectReport {
  /** True where a signal ended it before it was complete. */
  stopped: boolean;
  counts: CollectionCounts;
  refusals: CollectionRefusal[];
  /** Of this run. */
  spent: Youtube["spent"];
  /** Units (without searches) of this run for each 1,000 videos it read; null where it read none. */
  unitsPerThousandVideos: number | null;
  /** Of today's quota. */
  left: Record<QuotaBucket, number>;
}

/** Videos whose details were asked for, whatever came of it. */
export const readOf = ({ videos }: CollectionCounts): number => videos.stored + videos.skipped + videos.removed;

/** @param readBefore videos read before this run */
export async function reportOf(
  store: Collection,
  youtube: Youtube,
  readBefore: number,
  stopped: boolean,
): Promise<CollectReport> {
  const [counts, refusals] = [await store.collectionCounts(), await store.collectionRefusals()];
  const { spent } = youtube;
  const units = spent["channels.list"] + spent["playlistItems.list"] + spent["videos.list"];
  const videos = readOf(counts) - readBefore;
  return {
    stopped,
    counts,
    refusals,
    spent,
    unitsPerThousandVideos: videos > 0 ? (units / videos) * 1000 : null,
    left: await youtube.quota.left(),
  };
}
