import type { PairOptions, QualityOptions, SplitOptions } from "../config";
import type { Collection } from "./collection";
import type { CtrReports } from "./ctr";
import type { QuotaLedger } from "./quota";
import type { PairsReport, QualityOutcome } from "./report";
import type { Retention } from "./retention";
import type { EncoderIdentity, Fold, TrainingPair, UpsertCounts } from "./types";
import type { RatedVideo, Thumbnail, Video } from "./video";

/** What `buildPairs` needs: one seed draws folds and capped pairs. */
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
  /** Stored videos, excluded ones too. */
  videos: number;
}

/** The vector of one video under one identity. */
export interface Embedding {
  videoId: string;
  /** [dimensions] of the identity */
  values: Float32Array;
  /** The title, or the picture's SHA-256, that was encoded; one that the video no longer has is not stored. */
  content?: string;
}

/** What an encoder needs of a video that has no vector yet. */
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
 * Everything the project remembers: channels, videos, pairs, vectors, evaluations, how far a collection is, and quota. Every write is an upsert by
 * natural key and lasts once its promise resolves; doing it twice changes nothing. Reads are paged by key, so that
 * memory stays bounded however many rows there are; their order is the same on every store.
 */
export interface Store extends Collection, QuotaLedger, Retention, CtrReports {
  /** Where it lies, for people; never with a password. */
  readonly description: string;

  /**
   * Inserts or updates videos and keeps every reading of `views`. Of two readings of a video the newer
   * `collectedAt` wins, of two at the same time the later given; what it leaves null stays as it was known. Any number
   * of videos; each 1,000 are one transaction.
   */
  upsertVideos(videos: Iterable<Video> | AsyncIterable<Video>): Promise<UpsertCounts>;
  count(): Promise<number>;
  channels(): Promise<Channel[]>;
  /** All videos, excluded ones too, by id. */
  videos(): AsyncIterable<Video>;

  /** Marks the videos that the quality rules exclude. Voids folds and pairs: they were made under other rules. */
  applyQuality(options: QualityOptions): Promise<QualityOutcome[]>;
  /** Quality rules, proxies, baselines, folds and pairs in one transaction; replaces what was built before. */
  buildPairs(options: BuildOptions): Promise<PairsReport>;
  /** Videos in a fold, by id. Empty before `buildPairs`. */
  ratedVideos(): AsyncIterable<RatedVideo>;
  /** Pairs of one fold, or of all, by channel, fold, winner and loser. */
  pairs(fold?: Fold): AsyncIterable<TrainingPair>;

  /**
   * Stores vectors, replacing older ones of the same identity. A video whose picture (or title) changes later loses
   * its image (or title) vectors.
   * @throws EmbeddingRefused when a vector's length is not the identity's, or the video is unknown
   */
  saveEmbeddings(identity: EncoderIdentity, embeddings: Iterable<Embedding> | AsyncIterable<Embedding>): Promise<void>;
  /** Vectors of one identity, by video id. */
  embeddings(identity: EncoderIdentity): AsyncIterable<Embedding>;
  /** Videos without a vector of this identity, by id; `scope` is "rated" if omitted. */
  missingEmbeddings(identity: EncoderIdentity, scope?: EmbeddingScope): AsyncIterable<Unembedded>;
  /** Those of these videos, up to a few thousand, that have no vector of this identity, by id. */
  missingEmbeddingsAmong(identity: EncoderIdentity, videoIds: readonly string[]): Promise<Unembedded[]>;
  countMissingEmbeddings(identity: EncoderIdentity, scope?: EmbeddingScope): Promise<number>;

  saveEvaluation(evaluation: Evaluation): Promise<void>;
  /** Newest first. */
  evaluations(): Promise<Evaluation[]>;

  /** Releases the folder or the connections; the store cannot be used afterwards. Closing twice is harmless. */
  close(): Promise<void>;
}
