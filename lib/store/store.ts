import type { PairOptions, QualityOptions, SplitOptions } from "../config";
import type { Collection } from "./collection";
import type { CtrReports } from "./ctr";
import type { QuotaLedger } from "./quota";
import type { PairsReport, QualityOutcome } from "./report";
import type { Retention } from "./retention";
import type { EncoderIdentity, Fold, TrainingPair, UpsertCounts, VideoLabels } from "./types";
import type { RatedVideo, Thumbnail, Video } from "./video";

/** Options of `buildPairs`; one seed draws both folds and capped pairs. */
export interface BuildOptions {
  quality: QualityOptions;
  pairs: PairOptions;
  splits: SplitOptions;
  seed: number;
}

/** A channel as its newest collected video describes it. */
export interface Channel {
  channelId: string;
  title: string | null;
  niche: string | null;
  subscribers: number | null;
  /** Stored videos, including excluded ones. */
  videos: number;
}

/** The vector of one video under one identity. */
export interface Embedding {
  videoId: string;
  /** [dimensions] of the identity */
  values: Float32Array;
  /** The encoded title, or SHA-256 of the encoded picture; if the video has changed since, the vector is not stored. */
  content?: string;
}

/** What an encoder needs to know about a video that has no vector yet. */
export interface Unembedded {
  videoId: string;
  title: string;
  picture: Thumbnail | null;
}

/** `rated`: videos that `buildPairs` put in a fold; `all`: every stored video (for images: with a picture). */
export type EmbeddingScope = "rated" | "all";

/** One evaluation of one model, as `evaluate --json` prints it; (model, evaluatedAt) is its key. */
export interface Evaluation {
  model: string;
  evaluatedAt: Date;
  dataHash: string;
  metrics: Record<string, unknown>;
}

/**
 * Everything the project stores: channels, videos, pairs, vectors, evaluations, the state of a collection, and quota.
 * Every write is an upsert by natural key and is durable once its promise resolves; repeating it changes nothing. Reads
 * are paged by key, so memory stays bounded for any number of rows; their order is the same on every store.
 */
export interface Store extends Collection, QuotaLedger, Retention, CtrReports {
  /** Human-readable location; never contains a password. */
  readonly description: string;

  /**
   * Inserts or updates any number of videos, 1,000 in each transaction, and keeps every reading of `views`. If a video
   * is read twice, the newer `collectedAt` wins; if both are equal, the one given later. Null fields keep their stored
   * value.
   */
  upsertVideos(videos: Iterable<Video> | AsyncIterable<Video>): Promise<UpsertCounts>;
  count(): Promise<number>;
  channels(): Promise<Channel[]>;
  /** All videos, including excluded ones, ordered by id. */
  videos(): AsyncIterable<Video>;

  /** Marks the videos that the quality rules exclude, except for outliers, which are those of a fold. Deletes folds and pairs, since other rules made them. */
  applyQuality(options: QualityOptions): Promise<QualityOutcome[]>;
  /** Applies quality rules and builds proxies, baselines, folds and pairs in one transaction, replacing older ones. */
  buildPairs(options: BuildOptions): Promise<PairsReport>;
  /** Videos in any fold, ordered by id. Empty before `buildPairs`. */
  ratedVideos(): AsyncIterable<RatedVideo>;
  /**
   * Every proxy and CTR target of the rated videos, ordered by id.
   * @param pairs those that `buildPairs` was given
   * @param growthExponent of its report
   */
  labels(pairs: PairOptions, growthExponent: number | null): AsyncIterable<VideoLabels>;
  /** Pairs of one fold, or of all, ordered by channel, fold, winner and loser. */
  pairs(fold?: Fold): AsyncIterable<TrainingPair>;

  /**
   * Stores vectors, replacing older ones of the same identity. A video whose picture (or title) changes later loses
   * its image (or title) vectors.
   * @throws EmbeddingRefused if a vector's length differs from the identity's, or the video is unknown
   */
  saveEmbeddings(identity: EncoderIdentity, embeddings: Iterable<Embedding> | AsyncIterable<Embedding>): Promise<void>;
  /** Vectors of one identity, ordered by video id. */
  embeddings(identity: EncoderIdentity): AsyncIterable<Embedding>;
  /** Videos without a vector of this identity, ordered by id; `scope` is "rated" if omitted. */
  missingEmbeddings(identity: EncoderIdentity, scope?: EmbeddingScope): AsyncIterable<Unembedded>;
  /** Those of the given videos (a few thousand at most) without a vector of this identity, ordered by id. */
  missingEmbeddingsAmong(identity: EncoderIdentity, videoIds: readonly string[]): Promise<Unembedded[]>;
  countMissingEmbeddings(identity: EncoderIdentity, scope?: EmbeddingScope): Promise<number>;

  saveEvaluation(evaluation: Evaluation): Promise<void>;
  /** Newest first. */
  evaluations(): Promise<Evaluation[]>;

  /** Releases the folder or the connections; the store cannot be used afterwards. Closing twice is harmless. */
  close(): Promise<void>;
}
