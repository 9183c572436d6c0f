import type { StageRunner } from "../base";
import type { CollectSettings, Paths } from "../config";
import type { Collection, FoundChannel, WantedThumbnail } from "../store";
import type { RetryOptions, Sleep } from "./backoff";
import type { Youtube } from "./open";

/** What the stages of a collection share. */
export interface CollectContext {
  store: Collection;
  youtube: Youtube;
  settings: CollectSettings;
  paths: Pick<Paths, "thumbnails">;
  /** No further piece is started once it aborts. */
  signal: AbortSignal | undefined;
  now: () => Date;
  sleep: Sleep;
  retries: RetryOptions;
}

/** Runners for the pieces of each stage: this process (`runStage`), or workers elsewhere. */
export interface CollectRunners {
  listings: StageRunner<Listing>;
  videos: StageRunner<string[]>;
  thumbnails: StageRunner<WantedThumbnail[]>;
}

/** A channel whose uploads are to be listed, and the position of its listing. */
export type Listing = Pick<FoundChannel, "channelId" | "uploads" | "listed" | "nextPageToken">;

/** Yields items until a signal aborts. */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  for await (const item of items) {
    if (signal?.aborted) return;
    yield item;
  }
}
