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
  /** Videos whose statistics were last read before this instant are read again. */
  before: Date;
  /** Channels and videos whose other details were last read before this instant are read again. */
  detailsBefore: Date;
  concurrency: number;
  signal: AbortSignal | undefined;
  now: () => Date;
}

/** Reads the details of accepted channels again, 50 at a time. Items are channels. */
export function refreshChannelsStage({
  store,
  youtube,
  detailsBefore: before,
  ...rest
}: RefreshContext): Stage<string[]> {
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

/** What a refresh finds out. */
export interface Findings {
  /** Videos that turned out to be removed. */
  removed: number;
  /** Videos whose details can no longer be read. */
  skipped: number;
  /** Why YouTube refuses videos.batchGetStats; null if it does not. */
  statisticsRefused: string | null;
}

/**
 * Reads the statistics of collected videos again by videos.batchGetStats, 50 at a time, and adds a reading of views for
 * each. Items are videos. Those that YouTube does not answer, all of them if it refuses the method, stay stale.
 */
export function refreshStatisticsStage(context: RefreshContext, findings: Findings): Stage<string[]> {
  const { store, youtube, before, detailsBefore, concurrency, signal } = context;
  return {
    name: "refresh statistics",
    concurrency,
    count: () => store.countStaleStatistics(before, detailsBefore),
    async *pending() {
      const stale = untilAborted(store.staleStatistics(before, detailsBefore), signal);
      for await (const ids of chunks(stale, IDS_PER_CALL)) {
        if (findings.statisticsRefused !== null) return;
        yield ids;
      }
    },
    async perform(ids) {
      const answer = await youtube.readStatistics(ids);
      if ("read" in answer) return store.saveStatistics(before, answer.read, detailsBefore);
      findings.statisticsRefused ??= answer.refused;
      return 0;
    },
  };
}

/**
 * Reads all details of collected videos again by videos.list, 50 at a time: of those whose details are too old, and of
 * those whose statistics are still stale. Items are videos.
 */
export function refreshVideosStage(context: RefreshContext, findings: Findings): Stage<string[]> {
  const { store, youtube, before, detailsBefore, concurrency, signal } = context;
  let channels: ReturnType<typeof loadChannelFacts> | null = null;
  return {
    name: "refresh videos",
    concurrency,
    count: () => store.countStaleVideos(before, detailsBefore),
    pending: () => untilAborted(chunks(store.staleVideos(before, detailsBefore), IDS_PER_CALL), signal),
    async perform(ids) {
      channels ??= loadChannelFacts(store);
      const known = await channels;
      const { read, absent } = await youtube.readVideos(ids);
      const complete = read.map(({ video, ...rest }) => ({
        video: { ...video, ...known.get(video.channelId) },
        ...rest,
      }));
      const saved = await store.saveRefreshed(before, complete, absent, detailsBefore);
      for (const { state } of absent) findings[state]++;
      return saved;
    },
  };
}
