import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Piscina } from "piscina";
import { concatenated, messageOf } from "../../base";
import { limiter, requireSmaller, ThumbnailRefused } from "../../thumbnails";
import { type Encoder, type ImageEncoder, isPixels, type Pixels, type ThumbnailSource } from "../encoder";
import { findImageRow } from "../encoders";
import { PictureThreadFailed } from "../errors";
import type { PictureAnswer, PictureRequest, PictureTask } from "./task";

/** How an encoder's pictures are spread over threads. */
export interface PoolOptions {
  /** Number of threads, by default one for each core. With 0 or 1, everything runs on the main thread. */
  threads?: number | undefined;
  /** So many pictures are done on the main thread before threads start, by default none. */
  beforeThreads?: number;
  /** Limit of JavaScript's heap in each thread, in MB; pictures are outside of it. */
  heapMb?: number;
  /** Pictures with more pixels are refused by their headers, by default none that can be decoded at all. */
  mostPixels?: number;
}

/** A picture as far as it can be prepared by itself: its vector, or its pixels where pictures are encoded together. */
export type PreparedPicture = Float32Array | Pixels;

type Threads = Piscina<PictureTask, PictureAnswer>;

const HEAP_MB = 512;
/**
 * Pictures are outside of the heap but count as if they were in it. With V8's own limit, some 8 MB above a small heap, a
 * thread collects its whole heap at every fourth picture, which takes as long as describing them; below this limit it
 * collects only what is new.
 */
const INITIAL_HEAP_MB = 128;
/** Threads without work end after this time. */
const IDLE_MS = 60_000;

export const MAX_THREADS = 64;
/** Number of threads unless a setting says otherwise: one for each core. */
export const defaultThreads = (): number => Math.min(MAX_THREADS, availableParallelism());

/**
 * Spreads a picture encoder's work over threads: reading, decoding and resizing, and also encoding where the encoder has
 * no threads of its own. The vectors are the encoder's, bit for bit. Threads start with the first work for them.
 */
export class EncoderPool implements Encoder<PreparedPicture> {
  readonly identity;
  readonly #atOnce;
  readonly #largeAtOnce = limiter(1);
  readonly #part;
  readonly #threads: number;
  readonly #heapMb: number;
  readonly #mostPixels: number;
  #mainThreadLeft: number;
  #pool: Promise<Threads> | undefined;

  /** @param image is closed with the pool */
  constructor(
    private readonly image: ImageEncoder,
    {
      threads = defaultThreads(),
      beforeThreads = 0,
      heapMb = HEAP_MB,
      mostPixels = Number.POSITIVE_INFINITY,
    }: PoolOptions = {},
  ) {
    this.identity = image.identity;
    this.#part = image.input === undefined ? findImageRow(image.identity.model)?.inThreads : "decode";
    this.#heapMb = heapMb;
    this.#mostPixels = mostPixels;
    this.#threads = this.#part === undefined || threads <= 1 ? 0 : threads;
    this.#atOnce = limiter(Math.max(1, this.#threads));
    this.#mainThreadLeft = this.#threads === 0 ? Number.POSITIVE_INFINITY : beforeThreads;
  }

  /**
   * Decodes a picture for the encoder.
   * @throws ThumbnailRefused, PictureThreadFailed; the signal's reason
   */
  async decode(picture: ThumbnailSource, signal?: AbortSignal): Promise<Pixels> {
    if (this.#mainThreadLeft-- > 0) {
      await this.#requireSmaller(picture);
      return withSignal(signal, () => this.image.decode(picture));
    }
    const answer = await withSignal(signal, () => this.#ask({ want: "pixels", picture }, signal));
    if (answer.kind !== "pixels") throw new TypeError(`a thread answered with ${answer.kind}, not pixels`);
    return answer.pixels;
  }

  /**
   * Embeds one picture.
   * @returns [dimensions]
   * @throws ThumbnailRefused, PictureThreadFailed; the signal's reason
   */
  async embed(picture: ThumbnailSource | Pixels, signal?: AbortSignal): Promise<Float32Array> {
    if (this.#part !== "encode") {
      const pixels = isPixels(picture) ? picture : await this.decode(picture, signal);
      return withSignal(signal, () => this.image.encode([pixels]));
    }
    if (this.#mainThreadLeft-- > 0) {
      await this.#requireSmaller(picture);
      return withSignal(signal, () => this.image.encode([picture]));
    }
    const answer = await withSignal(signal, () => this.#ask({ want: "vector", picture }, signal));
    if (answer.kind !== "vector") throw new TypeError(`a thread answered with ${answer.kind}, not a vector`);
    return answer.vector;
  }

  /** Prepares one picture for `encode`. @throws as `embed` does */
  prepare(picture: ThumbnailSource): Promise<PreparedPicture> {
    return this.#part === "encode" ? this.embed(picture) : this.decode(picture);
  }

  /** Encodes prepared pictures together. @returns [batch, dimensions] */
  async encode(batch: readonly PreparedPicture[]): Promise<Float32Array> {
    const vectors: Float32Array[] = [];
    const pixels: Pixels[] = [];
    for (const item of batch) item instanceof Float32Array ? vectors.push(item) : pixels.push(item);
    return vectors.length > 0 ? concatenated(vectors) : this.image.encode(pixels);
  }

  /** Waits for the pictures that are being worked on, then ends the threads and closes the encoder. */
  async close(): Promise<void> {
    await this.endThreads();
    await this.image.close();
  }

  /** Ends the threads only. */
  async endThreads(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await (await pool)?.close();
  }

  async #requireSmaller(picture: ThumbnailSource | Pixels): Promise<void> {
    if (this.#mostPixels < Number.POSITIVE_INFINITY && !isPixels(picture))
      await requireSmaller(picture, this.#mostPixels);
  }

  async #ask(request: PictureRequest, signal: AbortSignal | undefined): Promise<PictureAnswer> {
    const { identity: encoder, input } = this.image;
    const task = { ...request, encoder, input, mayBeLarge: false, mostPixels: this.#mostPixels };
    const answer = await this.#atOnce(() => this.#perform(task, signal));
    if (answer.kind !== "large") return checked(answer, request.picture);
    const turn = { ...task, mayBeLarge: true };
    return checked(await this.#largeAtOnce(() => this.#atOnce(() => this.#perform(turn, signal))), request.picture);
  }

  /** A picture whose caller has gone is not begun; one that was begun is finished, which takes milliseconds. */
  async #perform(task: PictureTask, signal: AbortSignal | undefined): Promise<PictureAnswer> {
    signal?.throwIfAborted();
    try {
      this.#pool ??= this.#openPool();
      return await (await this.#pool).run(task);
    } catch (thrown) {
      throw new PictureThreadFailed(describe(task.picture), messageOf(thrown), thrown);
    }
  }

  async #openPool(): Promise<Threads> {
    // Imported late: most commands embed nothing.
    const { Piscina } = await import("piscina");
    // V8 reads this when a thread starts; the resource limits of threads have no such field.
    setFlagsFromString(`--initial-old-space-size=${INITIAL_HEAP_MB}`);
    const pool: Threads = new Piscina({
      filename: join(__dirname, "worker.mjs"),
      name: "performTask",
      minThreads: 0,
      maxThreads: this.#threads,
      idleTimeout: IDLE_MS,
      // A loader that this process was started with must not load in each thread.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMb },
      recordTiming: false,
    });
    // A thread that cannot start: the tasks that wait for it fail, and the next task opens another pool.
    pool.on("error", () => {
      this.#pool = undefined;
      void pool.destroy();
    });
    return pool;
  }
}

/** Rejects as soon as the signal aborts, without waiting for the work. */
function withSignal<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
  if (signal === undefined) return work();
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/** @throws ThumbnailRefused, PictureThreadFailed */
function checked(answer: PictureAnswer, picture: ThumbnailSource | Pixels): PictureAnswer {
  if (answer.kind === "refused") throw new ThumbnailRefused(answer.code, answer.picture, answer.reason);
  if (answer.kind === "failed") throw new PictureThreadFailed(describe(picture), answer.message);
  return answer;
}

function describe(picture: ThumbnailSource | Pixels): string {
  if (typeof picture === "string") return picture;
  return isPixels(picture) ? `of ${picture.width}x${picture.height} pixels` : `of ${picture.length} bytes`;
}
