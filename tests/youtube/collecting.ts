import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish } from "../../lib/base/progress";
import { collect as all, type FoundChannel, openStore, type Store, type Video } from "../../lib/store";
import { type CollectOptions, type CollectReport, collect } from "../../lib/youtube";
import type { GoogleStandIn } from "../google/start";
import { expectedChannels, expectedVideos, World } from "../google/world";

export const STAND_IN_KEY = "stand-in-key";

/**
 * Lets this process's `fetch` talk to a stand-in. That its certificate is judged, and NODE_EXTRA_CA_CERTS heeded, is
 * for the command line's tests: this process cannot be told of a certificate any more.
 */
export function trustStandIns(): void {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
}

/** A new home of a collection. */
export async function newHome(): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "thumbrank-collect-"));
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
}

/** Collects in this process, with waits that take no time. */
export async function collectInto(
  store: Store,
  home: string,
  google: GoogleStandIn,
  options: Partial<CollectOptions>,
): Promise<CollectReport> {
  const environment = { YOUTUBE_API_KEY: STAND_IN_KEY, YOUTUBE_ROOT_URL: google.rootUrl };
  const paths = { thumbnails: join(home, "data", "thumbnails") };
  return finish(collect({ store, paths, environment, sleep: async () => {}, ...options }));
}

export const openHome = (home: string): Promise<Store> => openStore({ paths: { store: join(home, "data", "store") } });

/** What the collection tables say, without the times of reading. */
export interface Tables {
  channels: Omit<FoundChannel, "nextPageToken">[];
  videos: Omit<Video, "collectedAt">[];
  refusals: unknown;
  counts: unknown;
}

export async function tablesOf(store: Store): Promise<Tables> {
  const channels = (await store.foundChannels()).map(({ nextPageToken: _, ...channel }) => channel);
  const videos = (await all(store.videos())).map(({ collectedAt: _, ...video }) => video);
  return { channels, videos, refusals: await store.collectionRefusals(), counts: await store.collectionCounts() };
}

/** Videos that a collection of accepted channels must have, by a reading of the world that knows no API. */
export function videosOf(google: GoogleStandIn, accepted: FoundChannel[], perChannel: number, at: number) {
  const world = new World(google.options.world);
  const niches = new Map(expectedChannels(world, at).map(({ id, niche }) => [id, niche]));
  return accepted.flatMap(({ channelId, subscribers }) => {
    const channel = world.channel(channelId);
    if (channel === undefined) throw new Error(`${channelId} is no channel of the world`);
    const places = Math.min(perChannel, world.uploads(channel, at));
    const newest = new Set(Array.from({ length: places }, (_, place) => world.upload(channel, place, at).id));
    return expectedVideos(world, channelId, at)
      .filter(({ id, isLive, views }) => newest.has(id) && !isLive && views !== undefined)
      .map((video) => ({ ...video, niche: niches.get(channelId), subscribers }));
  });
}
