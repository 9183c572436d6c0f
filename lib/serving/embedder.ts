import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { concatenated } from "../base";
import type { Encoders } from "../deployment";
import { EncoderPool, type PoolOptions } from "../embedding";
import { sharp } from "../thumbnails";
import { SharedWork } from "./shared-work";
import type { WorkQueue } from "./work-queue";

/** What embedders of several encoders share. */
export interface EmbeddingCaches {
  pictures: LRUCache<string, Float32Array>;
  titles: LRUCache<string, Float32Array>;
  /** Called for each picture and title with whether its embedding was there. */
  asked(kind: "picture" | "title", isHit: boolean): void;
}

/** Makes caches of this many pictures and as many titles. */
export function makeCaches(entries: number, asked: EmbeddingCaches["asked"]): EmbeddingCaches | null {
  if (entries === 0) return null;
  return { pictures: new LRUCache({ max: entries }), titles: new LRUCache({ max: entries }), asked };
}

/** Embeds pictures and titles with one pair of encoders, each content once: by its hash it is found again. */
export class Embedder {
  readonly #sharedPictures = new SharedWork<Float32Array>();
  readonly #pool: EncoderPool;

  /** @param identity of the encoders; part of the caches' keys */
  constructor(
    private readonly encoders: Encoders,
    readonly identity: string,
    private readonly queue: WorkQueue,
    private readonly caches: EmbeddingCaches | null,
    limits: Required<Pick<PoolOptions, "threads" | "mostPixels">>,
  ) {
    this.#pool = new EncoderPool(encoders.image, limits);
  }

  /**
   * Embeds pictures on the queue's threads.
   * @returns for each picture its vector or, where it cannot be used, why
   * @throws ServiceBusy if they do not fit into the queue; the signal's reason
   */
  async embedPictures(
    pictures: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<PromiseSettledResult<Float32Array>[]> {
    const keys = pictures.map((bytes) => `${this.identity}:${createHash("sha256").update(bytes).digest("base64")}`);
    const missing = new Set(keys.filter((key) => !this.caches?.pictures.has(key) && !this.#sharedPictures.has(key)));
    this.queue.requireRoom(missing.size);
    const vectors = keys.map((key, index) => this.#embedPicture(key, pictures[index] ?? new Uint8Array(), signal));
    const settled = await Promise.allSettled(vectors);
    signal.throwIfAborted();
    return settled;
  }

  /** Embeds titles; the built-in encoder takes less than a millisecond. */
  async embedTitles(titles: readonly string[]): Promise<Map<string, Float32Array>> {
    const vectors = new Map<string, Float32Array>();
    for (const title of new Set(titles)) {
      const key = `${this.identity}:${title}`;
      const known = this.caches?.titles.get(key);
      this.caches?.asked("title", known !== undefined);
      const vector = known ?? (await this.encoders.text.encode([title]));
      this.caches?.titles.set(key, vector);
      vectors.set(title, vector);
    }
    return vectors;
  }

  /** The encoders, with pictures decoded and encoded when their turn in the queue comes. */
  queued(signal: AbortSignal): Encoders {
    const { image, text } = this.encoders;
    const decode: typeof image.decode = (source) => this.queue.run(() => this.#pool.decode(source, signal), signal);
    const embed = (picture: Parameters<EncoderPool["embed"]>[0]) =>
      this.queue.run(() => this.#pool.embed(picture, signal), signal);
    const encode: typeof image.encode = async (batch) => concatenated(await Promise.all(batch.map(embed)));
    return { image: { identity: image.identity, decode, encode, close: () => image.close() }, text };
  }

  /**
   * Embeds a small picture and a title without the caches and the queue: whether the encoders work now.
   * @returns the model's input, [1, image dimensions + text dimensions]
   */
  async probe(): Promise<Float32Array> {
    return concatenated([
      await this.#pool.embed(await probePicture()),
      await this.encoders.text.encode(["Is it ready?"]),
    ]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.encoders.text.close()]);
  }

  async #embedPicture(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    const known = this.caches?.pictures.get(key);
    this.caches?.asked("picture", known !== undefined);
    if (known !== undefined) return known;
    const vector = await this.#sharedPictures.run(key, signal, (shared) =>
      this.queue.run(() => this.#pool.embed(bytes, shared), shared),
    );
    this.caches?.pictures.set(key, vector);
    return vector;
  }
}

function probePicture(): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 36, channels: 3, background: "#369" } })
    .png()
    .toBuffer();
}
