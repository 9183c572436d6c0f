import type { Stage } from "../base";
import { type CollectContext, untilAborted } from "./context";
import { IDS_PER_CALL } from "./read-videos";

/** Reads the details of listed videos, 50 at a time, across channels. Items are videos. */
export function detailsStage({ store, youtube, settings, signal }: CollectContext): Stage<string[]> {
  const factsFor = channelFacts(store);
  return {
    name: "read videos",
    concurrency: settings.concurrency,
    count: async () => (await store.collectionCounts()).videos.listed,
    pending: () => untilAborted(chunks(store.listedVideos(), IDS_PER_CALL), signal),
    async perform(ids) {
      const { read, absent } = await youtube.readVideos(ids);
      const known = await factsFor(read.map(({ video }) => video.channelId));
      const complete = read.map(({ video, ...rest }) => ({
        video: { ...video, ...known.get(video.channelId) },
        ...rest,
      }));
      return store.saveReadings(complete, absent);
    },
  };
}

/** Facts about a video that come from its channel. */
interface ChannelFacts {
  niche: string;
  subscribers: number | null;
}

/** Caches channel facts. Channels are judged once, so they are reloaded only for a channel that is not in the cache. */
function channelFacts(store: CollectContext["store"]): (ids: string[]) => Promise<Map<string, ChannelFacts>> {
  let known = new Map<string, ChannelFacts>();
  return async (ids) => {
    if (!ids.every((id) => known.has(id))) known = await loadChannelFacts(store);
    return known;
  };
}

/** Niche and subscribers of the accepted channels, by id. */
export async function loadChannelFacts(store: CollectContext["store"]): Promise<Map<string, ChannelFacts>> {
  const channels = (await store.foundChannels()).filter(({ state }) => state === "accepted");
  return new Map(channels.map(({ channelId, niche, subscribers }) => [channelId, { niche, subscribers }]));
}

/** Groups items into arrays of `size`; the last one may be shorter. */
export async function* chunks<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
