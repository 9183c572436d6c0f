import type { CollectionCounts, CollectionRefusal, FoundChannel, QuotaBucket } from "../store";
import type { CollectContext } from "./context";
import { countWanted } from "./find-channels";
import type { Youtube } from "./open";
import type { OpenSearch, RefusedSearches } from "./refused-searches";
import { isOpen } from "./uploads";

/** A channel whose listing is incomplete: neither the end nor the wanted number of uploads was reached. */
export interface OpenChannel {
  channelId: string;
  title: string | null;
  listed: number;
  reason: string;
}

/** What a collection contains, and what this run spent on it. */
export interface CollectReport {
  /** True if a signal ended it before it was complete. */
  stopped: boolean;
  /** What is incomplete although nothing stopped the run; the next run tries again. */
  open: { channels: OpenChannel[]; searches: OpenSearch[] };
  counts: CollectionCounts;
  refusals: CollectionRefusal[];
  /** Calls of this run, by method. */
  spent: Youtube["spent"];
  /** Units (without searches) of this run for each 1,000 videos it read; null if it read none. */
  unitsPerThousandVideos: number | null;
  /** What is left of today's quota. */
  left: Record<QuotaBucket, number>;
}

/** Number of videos whose details were requested, whether or not they are available. */
export const countRead = ({ videos }: CollectionCounts): number => videos.stored + videos.skipped + videos.removed;

/** @param readBefore videos read before this run */
export async function makeReport(
  { store, youtube, settings, signal }: CollectContext,
  readBefore: number,
  refused: RefusedSearches,
): Promise<CollectReport> {
  const counts = await store.collectionCounts();
  const refusals = await store.collectionRefusals();
  const channels = await store.foundChannels();
  const wanted = countWanted(channels, settings.niches, settings.channels);
  const { spent } = youtube;
  const units = spent["channels.list"] + spent["playlistItems.list"] + spent["videos.list"];
  const videos = countRead(counts) - readBefore;
  return {
    stopped: signal?.aborted ?? false,
    open: {
      channels: channels.filter((channel) => isOpen(channel, settings.perChannel)).map(toOpenChannel),
      searches: refused.open.filter(({ niche }) => (wanted.get(niche) ?? 0) > 0),
    },
    counts,
    refusals,
    spent,
    unitsPerThousandVideos: videos > 0 ? (units / videos) * 1000 : null,
    left: await youtube.quota.left(),
  };
}

const toOpenChannel = ({ channelId, title, listed, listingRefused }: FoundChannel): OpenChannel => ({
  channelId,
  title,
  listed,
  reason: listingRefused ?? "not listed to its end",
});
