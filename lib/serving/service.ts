import type { Paths, ServeSettings } from "../config";
import { defaultThreads, type EncoderOptions } from "../embedding";
import { makeCaches } from "./embedder";
import { ModelNotReady } from "./errors";
import { Metrics } from "./metrics";
import { Models, type ServedModel } from "./models";
import { Tokens } from "./tokens";
import { WorkQueue } from "./work-queue";

/** What a service is started with. */
export interface ServiceOptions {
  settings: ServeSettings;
  paths: Pick<Paths, "models" | "store" | "thumbnails">;
  encoders: EncoderOptions;
  /** Tokens separated by commas, as in THUMBRANK_TOKENS. */
  tokens?: string | undefined;
  /** Receives lines about the service itself: versions in use, and failures. */
  report(line: string): void;
}

/** What all routes share. */
export class Service {
  readonly tokens: Tokens;
  readonly metrics: Metrics;
  readonly models: Models;
  readonly queue: WorkQueue;
  /** Name of the model that the routes below /v1 use. */
  readonly modelName: string;
  #watch: NodeJS.Timeout | undefined;

  constructor(readonly options: ServiceOptions) {
    const { settings, paths, encoders, report } = options;
    this.tokens = new Tokens(options.tokens);
    this.modelName = settings.model.split("@")[0] ?? "";
    this.metrics = new Metrics(() => this.queue.size);
    const { metrics } = this;
    const threads = settings.threads ?? Math.max(2, defaultThreads());
    this.queue = new WorkQueue(threads, settings.queueLimit, {
      waited: (seconds) => metrics.queueDuration.observe(seconds),
      worked: (seconds) => metrics.decodeDuration.observe(seconds),
    });
    const caches = makeCaches(settings.cacheEntries, (kind, isHit) =>
      metrics.cacheRequests.inc({ kind, result: isHit ? "hit" : "miss" }),
    );
    this.models = new Models({
      folder: paths.models,
      encoders,
      batchRows: settings.batchRows,
      batchWaitMs: settings.batchWaitMs,
      queue: this.queue,
      threads,
      mostPixels: settings.megapixels * 1e6,
      caches,
      metrics,
      report,
    });
  }

  /** Loads the model, and looks for another current version from now on. @throws what loading a model throws */
  async open(): Promise<void> {
    const { watchSeconds, model } = this.options.settings;
    await this.models.load(model).catch((thrown: Error) => {
      throw thrown.cause ?? thrown;
    });
    if (watchSeconds > 0) this.#watch = setInterval(() => void this.#look(), watchSeconds * 1000).unref();
  }

  /** Looks for another current version, also if it was refused before. What goes wrong is reported. */
  async reload(): Promise<void> {
    await this.models.load(this.options.settings.model).catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await this.models.close();
  }

  /** Calls `task` with the service's model. @throws ModelNotReady */
  async use<Result>(task: (model: ServedModel) => Promise<Result>): Promise<Result> {
    if (!this.models.has(this.modelName)) throw new ModelNotReady("no version of the service's model is in use");
    return this.models.use(this.modelName, task);
  }

  async #look(): Promise<void> {
    await this.models.load(this.options.settings.model, false).catch(() => {});
  }
}
