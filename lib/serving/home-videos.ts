import { permutation, random } from "../base";
import type { Paths } from "../config";
import { NoVideos, openStoreWithVideos, picturePath, type Store, type Video } from "../store";

/** Videos kept of a home, and for how long. */
const MOST_VIDEOS = 500;
const FRESH_MS = 10 * 60_000;

/** What the page shows of a home's store. */
export interface HomeVideos {
  /** Up to 500 videos with a picture, in random order. */
  videos: Video[];
  /** Titles of channels, by id. */
  channelTitles: Map<string, string>;
}

/**
 * Reads a home's store now and then. It is open only while it is read, since a PGlite store can be open in one process
 * only.
 */
export class HomeReader {
  #read: { at: number; result: Promise<HomeVideos> } | undefined;

  constructor(
    private readonly paths: Pick<Paths, "store" | "thumbnails">,
    private readonly report: (line: string) => void,
  ) {}

  /** The home's videos; none where there is no store, or another process has it open. */
  videos(): Promise<HomeVideos> {
    const known = this.#read;
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.result;
    const result = readHome(this.paths).catch((thrown: unknown) => {
      if (!(thrown instanceof NoVideos)) this.report(`the store cannot be read for the page: ${String(thrown)}`);
      return { videos: [], channelTitles: new Map<string, string>() };
    });
    this.#read = { at: Date.now(), result };
    return result;
  }

  /** Paths at which the picture of a SHA-256 may be, one for each format. */
  picturePaths(sha256: string): { format: string; path: string }[] {
    const formats = ["jpeg", "png", "webp"] as const;
    return formats.map((format) => ({ format, path: picturePath(this.paths.thumbnails, { sha256, format }) }));
  }
}

async function readHome(paths: Pick<Paths, "store">): Promise<HomeVideos> {
  const store = await openStoreWithVideos(paths);
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
    if (kept.length < MOST_VIDEOS) kept.push(video);
    else {
      const place = source.integer(seen);
      if (place < MOST_VIDEOS) kept[place] = video;
    }
  }
  return [...permutation(kept.length, source)].flatMap((place) => kept[place] ?? []);
}
