import { join } from "node:path";
import { Piscina } from "piscina";
import { messageOf } from "../../base";
import type { Paths } from "../../config";
import { picturePath } from "../../store";
import type { HomeVideos } from "./read-home";

const FRESH_MS = 10 * 60_000;

/** A home's store, as far as the page shows it; it is read now and then, in a thread that ends afterwards. */
export class Home {
  #read: { at: number; videos: Promise<HomeVideos> } | undefined;

  constructor(
    private readonly paths: Pick<Paths, "store" | "thumbnails">,
    private readonly report: (line: string) => void,
  ) {}

  /** Videos with pictures, in random order, and channels; none if the store cannot be read, such as while it is in use. */
  videos(): Promise<HomeVideos> {
    if (this.#read !== undefined && Date.now() - this.#read.at < FRESH_MS) return this.#read.videos;
    const videos = readInThread(this.paths.store).catch((thrown: unknown) => {
      this.report(`the store cannot be read for the page: ${messageOf(thrown)}`);
      this.#read = undefined;
      return { videos: [], channelTitles: new Map<string, string>() };
    });
    this.#read = { at: Date.now(), videos };
    return videos;
  }

  /** Paths at which the picture of a SHA-256 may be, one for each format. */
  picturePaths(sha256: string): { format: string; path: string }[] {
    const formats = ["jpeg", "png", "webp"] as const;
    return formats.map((format) => ({ format, path: picturePath(this.paths.thumbnails, { sha256, format }) }));
  }
}

async function readInThread(store: string): Promise<HomeVideos> {
  const thread = new Piscina<string, HomeVideos>({
    filename: join(__dirname, "worker.mjs"),
    name: "readHome",
    maxThreads: 1,
    // A loader that this process was started with must not load again.
    execArgv: [],
  });
  try {
    return await thread.run(store);
  } finally {
    await thread.destroy();
  }
}
