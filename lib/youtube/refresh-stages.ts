import type { Stage } from "../base";
import type { Collection, Retention } from "../store";
import { untilAborted } from "./context";
import { chunks, loadChannelFacts } from "./details";
import { subscribersOf } from "./judge";
import type { Youtube } from "./open";
import { readChannels } from "./read-channels";
import { IDS_PER_CALL } from "./read-videos";

/** What the stages of a refresh share. */
export interface RefreshContext {
  store: Collection & Retention;
  youtube: Youtube;
  /** Channels and videos last read before this instant are read again. */
  before: Date;
  concurrency: number;
  signal: AbortSignal | undefined;
  now: () => Date;
}

/** Reads the details of accepted channels again, 50 at a time. Items are channels. */
export function refreshChannelsStage({ store, youtube, before, ...rest }: RefreshContext): Stage<string[]> {
  return {
    name: "refresh channels",
    concurrency: rest.concurrency,
    count: () => store.countStaleChannels(before),
    pending: () => untilAborted(chunks(store.staleChannels(before), IDS_PER_CALL), rest.signal),
    async perform(ids) {
      const items = await readChannels(youtube.call, ids);
      const readAt = rest.now();
      const readings = ids.map((channelId) => {
        const item = items.get(channelId);
        return { channelId, title: item?.snippet.title ?? null, subscribers: subscribersOf(item), readAt };
      });
      return store.saveRefreshedChannels(before, readings);
    },
  };
}

/** Videos that turned out to be removed, or whose details can no longer be read. */
export interface Lost {
  removed: number;
  skipped: number;
}

/**
 * Reads the statistics of collected videos again, 50 at a time, and adds a reading of views for each. Items are videos.
 * @param lost counts the videos that are no longer available
 */
export function refreshVideosStage(
  { store, youtube, before, concurrency, signal }: RefreshContext,
  lost: Lost = { removed: 0, skipped: 0 },
): Stage<string[]> {
  let channels: ReturnType<typeof loadChannelFacts> | null = null;
  return {
    name: "refresh videos",
    concurrency,
    count: () => store.countStaleVideos(before),
    pending: () => untilAborted(chunks(store.staleVideos(before), IDS_PER_CALL), signal),
    async perform(ids) {
      channels ??= loadChannelFacts(store);
      const known = await channels;
      const { read, absent } = await youtube.readVideos(ids);
      const complete = read.map(({ video, ...rest }) => ({
        video: { ...video, ...known.get(video.channelId) },
        ...rest,
      }));
      const saved = await store.saveRefreshed(before, complete, absent);
      for (const { state } of absent) lost[state]++;
      return saved;
    },
  };
}
