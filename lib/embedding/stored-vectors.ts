import type { Embedding } from "../store";

/** Vectors that the store has, found by id in ascending order. */
export interface StoredVectors {
  /** The vector of a video; undefined where there is none. Each id must come after the one before. */
  find(videoId: string): Promise<Float32Array | undefined>;
  close(): Promise<void>;
}

/** Reads along a store's vectors; nothing is read before the first is asked for. @param embeddings by id */
export function storedVectors(embeddings: AsyncIterable<Embedding>): StoredVectors {
  const reading = embeddings[Symbol.asyncIterator]();
  let current: IteratorResult<Embedding> | undefined;
  return {
    async find(videoId) {
      current ??= await reading.next();
      while (!current.done && current.value.videoId < videoId) current = await reading.next();
      return !current.done && current.value.videoId === videoId ? current.value.values : undefined;
    },
    async close() {
      await reading.return?.();
    },
  };
}
