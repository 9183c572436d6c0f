import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, ThumbrankError } from "../base";
import {
  type Encoders,
  type LoadedModel,
  loadModel,
  ModelMissing,
  ModelVersionMissing,
  openEncoders,
  resolveModel,
} from "../deployment";
import { type EncoderOptions, identityHash } from "../embedding";
import type { Predictions } from "../model";
import { RowBatcher } from "./batcher";
import { Embedder, type EmbeddingCaches } from "./embedder";
import { ModelRefused, ResourceMissing } from "./errors";
import type { Metrics } from "./metrics";
import { type KnownVersion, ModelList } from "./model-list";
import type { WorkQueue } from "./work-queue";

/** A model version in use. */
export interface ServedModel {
  name: string;
  version: number;
  loaded: LoadedModel;
  embedder: Embedder;
  /** Scores rows in batches with those of other requests. @param embeddings [rows, image + text dimensions] */
  predict(embeddings: Float32Array, signal: AbortSignal): Promise<Predictions>;
}

/** What models are loaded with. */
export interface ModelsOptions {
  /** Folder of the exported models. */
  folder: string;
  encoders: EncoderOptions;
  batchRows: number;
  batchWaitMs: number;
  queue: WorkQueue;
  /** Threads that decode and embed pictures. */
  threads: number;
  /** Pictures with more pixels are refused. */
  mostPixels: number;
  caches: EmbeddingCaches | null;
  metrics: Metrics;
  /** Receives a line when a version is taken into use or refused. */
  report(line: string): void;
}

/** A served model, and how many requests use it. */
interface Slot extends ServedModel {
  /** Changes with the version's files. */
  stamp: string;
  users: number;
  isRetired: boolean;
}

/**
 * The models in use, by name. Another version is loaded and warmed up beside the one in use; then it takes its place, and
 * the old one is closed when the last request that uses it has ended.
 */
export class Models {
  readonly #slots = new Map<string, Slot>();
  readonly #embedders = new Map<string, { embedder: Embedder; users: number }>();
  /** Stamps of versions that were refused, so that they are not tried again until they change. */
  readonly #refused = new Map<string, string>();
  readonly #list: ModelList;
  #loading: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ModelsOptions) {
    this.#list = new ModelList(options.folder);
  }

  /** The versions in use, then all others of the models folder as they were some seconds ago. */
  list(): Promise<KnownVersion[]> {
    return this.#list.versions([...this.#slots.values()]);
  }

  /** Whether a model of this name is in use. */
  has(name: string): boolean {
    return this.#slots.has(name);
  }

  /**
   * Calls `task` with the model of a name, which stays open until the task has ended.
   * @throws ResourceMissing if none of that name is in use
   */
  async use<Result>(name: string, task: (model: ServedModel) => Promise<Result>): Promise<Result> {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw notInUse(name);
    slot.users++;
    try {
      return await task(slot);
    } finally {
      slot.users--;
      if (slot.isRetired && slot.users === 0) await this.#close(slot);
    }
  }

  /**
   * Takes the version that a reference names into use, unless it already is; versions are loaded one at a time.
   * @param always also loads a version that was refused before and has not changed
   * @throws ModelRefused; what was in use before still is
   */
  load(reference: string, always = true): Promise<void> {
    const done = this.#loading.then(() => this.#loadNow(reference, always));
    this.#loading = done.catch(() => {});
    return done;
  }

  /** Stops using a model, when the requests that use it have ended. @throws ResourceMissing */
  async unload(name: string): Promise<void> {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw notInUse(name);
    this.#slots.delete(name);
    await this.#retire(slot);
    this.options.report(`model ${name}: no longer in use`);
  }

  /** Closes all models. No requests may use them any more. */
  async close(): Promise<void> {
    await this.#loading;
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.all(slots.map((slot) => this.#retire(slot)));
  }

  async #loadNow(reference: string, always: boolean): Promise<void> {
    const { report, metrics } = this.options;
    const version = await findVersion(this.options.folder, reference);
    const { name, stamp } = version;
    if (this.#slots.get(name)?.stamp === stamp) return;
    if (!always && this.#refused.get(name) === stamp) return;
    try {
      const slot = await this.#open(version);
      const before = this.#slots.get(name);
      this.#slots.set(name, slot);
      this.#refused.delete(name);
      this.#list.forget();
      metrics.modelLoads.inc({ outcome: "loaded" });
      metrics.modelInfo.set({ name, version: slot.version }, 1);
      report(`model ${name}: version ${slot.version} is in use`);
      // Requests that use it may take a while, and the next version must not wait for them.
      if (before !== undefined) void this.#retire(before);
    } catch (thrown) {
      this.#refused.set(name, stamp);
      metrics.modelLoads.inc({ outcome: "refused" });
      if (this.#slots.has(name))
        report(`model ${reference}: refused, the version before stays in use: ${messageOf(thrown)}`);
      throw describeRefusal(name, thrown);
    }
  }

  /** Loads and warms up a version. */
  async #open({ name, folder, stamp }: Version): Promise<Slot> {
    const { batchRows, batchWaitMs, metrics } = this.options;
    const loaded = await loadModel(folder);
    try {
      const embedder = await this.#openEmbedder(loaded);
      const width = loaded.card.encoders.image.dimensions + loaded.card.encoders.text.dimensions;
      await loaded.predict(await embedder.probe());
      await loaded.predict(new Float32Array(batchRows * width));
      const batcher = new RowBatcher({
        predict: loaded.predict,
        width,
        batchRows,
        batchWaitMs,
        observe(rows, seconds) {
          metrics.batchRows.observe(rows);
          metrics.inferenceDuration.observe(seconds);
        },
      });
      const predict = batcher.predict.bind(batcher);
      return { name, version: loaded.version, loaded, embedder, predict, stamp, users: 0, isRetired: false };
    } catch (thrown) {
      await loaded.close();
      throw thrown;
    }
  }

  /** Opens a model's encoders, or takes those of another version that needs the same. */
  async #openEmbedder(model: LoadedModel): Promise<Embedder> {
    const { card } = model;
    const identity = `${identityHash(card.encoders.image)}-${identityHash(card.encoders.text)}`;
    const known = this.#embedders.get(identity);
    if (known !== undefined) {
      known.users++;
      return known.embedder;
    }
    const { encoders, queue, caches, threads, mostPixels } = this.options;
    const opened: Encoders = await openEncoders(model, encoders);
    const embedder = new Embedder(opened, identity, queue, caches, { threads, mostPixels });
    this.#embedders.set(identity, { embedder, users: 1 });
    return embedder;
  }

  async #retire(slot: Slot): Promise<void> {
    slot.isRetired = true;
    if (slot.users === 0) await this.#close(slot);
  }

  async #close({ name, version, loaded, embedder }: Slot): Promise<void> {
    const isStillInUse = this.#slots.get(name)?.version === version;
    if (!isStillInUse) this.options.metrics.modelInfo.remove({ name, version });
    await loaded.close();
    const shared = this.#embedders.get(embedder.identity);
    if (shared === undefined || --shared.users > 0) return;
    this.#embedders.delete(embedder.identity);
    await embedder.close();
  }
}

function notInUse(name: string): ResourceMissing {
  return new ResourceMissing(`no version of the model ${name} is in use`, "see GET /v1/models for those in use");
}

/** A version on the disk. */
interface Version {
  name: string;
  folder: string;
  /** Changes with the version's files. */
  stamp: string;
}

/** @throws ResourceMissing if there is no such version, ModelRefused if the reference cannot be followed */
async function findVersion(models: string, reference: string): Promise<Version> {
  const { name, folder } = await resolveModel(models, reference).catch((thrown: unknown) => {
    throw describeRefusal(reference, thrown);
  });
  // The manifest lists the hashes of all files.
  const manifest = await readFile(join(folder, "manifest.json"), "utf8").catch(() => "");
  return { name, folder, stamp: `${folder} ${manifest}` };
}

/** The error of a request for a model that cannot be loaded. */
function describeRefusal(model: string, thrown: unknown): ResourceMissing | ModelRefused {
  if (thrown instanceof ModelMissing || thrown instanceof ModelVersionMissing)
    return new ResourceMissing(`there is no model ${model}`, "export it", thrown);
  return new ModelRefused(model, thrown instanceof ThumbrankError ? thrown.code : "SERVICE_FAILED", thrown);
}
