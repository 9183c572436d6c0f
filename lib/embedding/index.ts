/**
 * Embedding: turns pictures and titles into unit vectors, by encoders with an identity, and stores them in files.
 * Other rooms may open encoders, embed the store's videos, and load vectors.
 * This room must not know about pairs, models or training: it sees one picture or title at a time.
 */

export { clipPreprocessing } from "./clip/decoder";
export { findClipFile, makeClip } from "./clip/encoder";
export { openDescriptor } from "./descriptor/encoder";
export { type EmbeddingStore, type EmbedJob, type EmbedReport, embedAll, embedPictures } from "./embed-all";
export { type EmbedPiece, embedStage, type StoreEmbedJob } from "./embed-stage";
export type { EmbedOutcome } from "./embed-videos";
export type { RefusedVideo } from "./encode-videos";
export {
  type Encoder,
  type ImageEncoder,
  identityHash,
  type Pixels,
  sameIdentity,
  splitRows,
  type TextEncoder,
  type ThumbnailSource,
} from "./encoder";
export {
  ENCODERS,
  embedFlags,
  encoderNames,
  isSuperseded,
  modelOf,
  nameModel,
  openImageEncoder,
  openTextEncoder,
  withoutSuperseded,
} from "./encoders";
export * from "./errors";
export { EmbeddingsDamaged, EmbeddingsMissing } from "./file/errors";
export { forgetVectors } from "./file/forget";
export {
  type EmbeddedVectors,
  embeddedIdentities,
  embeddedIds,
  loadEmbeddings,
  openVectors,
  withVectors,
} from "./file/load";
export type { PutVector } from "./file/rows";
export { GEOMETRIES, type Geometry, geometryOf, SIDE as CLIP_SIDE } from "./geometry";
export { HubUnreachable, ModelFolderIncomplete, ModelUnusable } from "./hub/errors";
export type { EncoderOptions } from "./hub/source";
export { MiniLmUnavailable } from "./minilm/errors";
export { cosine, cosinesToFirst, nearest } from "./neighbours";
export { defaultThreads, EncoderPool, MAX_THREADS, type PoolOptions } from "./pool/encoder-pool";
export { HiddenStates, type PictureKey, PrefixIdentity, prefixFolder } from "./prefix/file";
export { type PrefixJob, type PrefixPlan, type PrefixProgress, planPrefix, writePrefix } from "./prefix/write";
export { type Filter, resize } from "./resize/resize";
export { SentenceEncoderUnusable } from "./sentence/errors";
export { measureSignals, type ThumbnailSignals } from "./signals";
export { openTitleHash } from "./title-hash/encoder";
export { decodeForTower, openVisionEncoder, towerIdentity } from "./vision/encoder";
export type { TowerInput } from "./vision/input";
export { VisionTower } from "./vision/tower";
