import { permutation, random } from "../../base";
import { NoVideos, openStoreWithVideos, type Store, type Video } from "../../store";

/** Most videos that are read of a home. */
const MOST_VIDEOS = 500;

/** What the page shows of a home's store. */
export interface HomeVideos {
  /** Videos with a picture, in random order. */
  videos: Video[];
  /** Titles of channels, by id. */
  channelTitles: Map<string, string>;
}

/**
 * Reads a home's store, which is open only meanwhile: a PGlite store can be open in one process only.
 * @param store its folder
 * @returns nothing where there is no store
 */
export async function readHome(store: string): Promise<HomeVideos> {
  try {
    return await readStore(await openStoreWithVideos({ store }));
  } catch (thrown) {
    if (!(thrown instanceof NoVideos)) throw thrown;
    return { videos: [], channelTitles: new Map() };
  }
}

async function readStore(store: Store): Promise<HomeVideos> {
  try {
    const channels = await store.channels();
    const channelTitles = new Map(channels.map(({ channelId, title }) => [channelId, title ?? ""]));
    return { videos: await sample(store), channelTitles };
  } finally {
    await store.close();
  }
}

/** A random sample of the videos with pictures (Vitter's algorithm R), in random order. */
async function sample(store: Store): Promise<Video[]> {
  const source = random("competitors", Date.now());
  const kept: Video[] = [];
  let seen = 0;
  for await (const video of store.videos()) {
    if (video.picture === null) continue;
    seen++;
    const place = kept.length < MOST_VIDEOS ? kept.length : source.integer(seen);
    if (place < MOST_VIDEOS) kept[place] = video;
  }
  return [...permutation(kept.length, source)].flatMap((place) => kept[place] ?? []);
}
