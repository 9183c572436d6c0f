import type { Stage } from "../base";
import { at } from "../base";
import type { Paths } from "../config";
import { exists } from "../files";
import { type EmbeddingScope, picturePath, type Store, type Unembedded } from "../store";
import { BATCH_SIZE, BEFORE_THREADS } from "./embed-all";
import {
  encodePrepared,
  listVideos,
  prepareVideos,
  type RefusedVideo,
  type Source,
  thumbnailSource,
  titleSource,
  toEmbeddings,
} from "./encode-videos";
import { type Encoder, type ImageEncoder, identityHash, type TextEncoder } from "./encoder";
import { EncoderElsewhere, ThumbnailElsewhere } from "./errors";
import { EncoderPool } from "./pool/encoder-pool";

/** Videos to encode together: those of one stretch of the list that lack a vector. */
export interface EmbedPiece {
  kind: "image" | "text";
  /** `identityHash` of the encoder to use. */
  identity: string;
  /** Id of the stretch's first video, which identifies the stretch however much of it is done. */
  stretch: string;
  videoIds: string[];
}

/** The store to embed into, and the encoders to use. */
export interface StoreEmbedJob {
  store: Pick<
    Store,
    | "videos"
    | "ratedVideos"
    | "missingEmbeddings"
    | "missingEmbeddingsAmong"
    | "countMissingEmbeddings"
    | "saveEmbeddings"
  >;
  paths: Pick<Paths, "thumbnails">;
  image: ImageEncoder;
  text: TextEncoder;
  batchSize?: number;
  scope?: EmbeddingScope;
  /** As in `embedAll`. */
  threads?: number | undefined;
  /** Called for each picture that cannot be embedded. */
  refused?: (video: RefusedVideo) => void;
}

/**
 * Embeds pictures and titles into the store only, so that several programs can work at once; `embedAll` then fills one
 * machine's files from it. The pieces are the same batches, so the vectors are the same, bit for bit.
 */
export function embedStage(job: StoreEmbedJob): Stage<EmbedPiece> {
  const { store, image, text, paths, threads, scope = "rated" } = job;
  // A stage has no end at which to end threads; without work they end by themselves, and no process waits for them.
  const pool = new EncoderPool(image, { threads, beforeThreads: BEFORE_THREADS });
  const pictures = { encoder: pool, source: thumbnailSource(pool, paths.thumbnails) };
  const titles = { encoder: text, source: titleSource };
  return {
    name: "embed",
    concurrency: 1,
    async count() {
      const missing = ({ identity }: Encoder<never>) => store.countMissingEmbeddings(identity, scope);
      return (await missing(image)) + (await missing(text));
    },
    async *pending() {
      yield* pendingPieces(job, image);
      yield* pendingPieces(job, text);
    },
    perform: (piece) => (piece.kind === "image" ? embedPiece(job, pictures, piece) : embedPiece(job, titles, piece)),
  };
}

interface Part<Input> {
  encoder: Encoder<Input>;
  source: Source<Input>;
}

async function embedPiece<Input>(
  { store, paths, refused: tell = () => {} }: StoreEmbedJob,
  { encoder, source }: Part<Input>,
  piece: EmbedPiece,
): Promise<number> {
  const { identity } = encoder;
  if (piece.identity !== identityHash(identity)) throw new EncoderElsewhere(piece.kind, identity);
  const lacking = await store.missingEmbeddingsAmong(identity, piece.videoIds);
  if (piece.kind === "image") await assertThumbnails(lacking, paths.thumbnails);
  const { videos, vectors, refused } = await encodePrepared(encoder, await prepareVideos(source, lacking));
  for (const video of refused) tell(video);
  await store.saveEmbeddings(identity, toEmbeddings(identity, videos, vectors));
  return videos.length;
}

async function* pendingPieces<Input>(
  { store, scope = "rated", batchSize = BATCH_SIZE }: StoreEmbedJob,
  { identity }: Encoder<Input>,
): AsyncGenerator<EmbedPiece> {
  const missing = new Set<string>();
  for await (const { videoId } of store.missingEmbeddings(identity, scope)) missing.add(videoId);
  const videos = missing.size === 0 ? [] : await listVideos(scope === "all" ? store.videos() : store.ratedVideos());
  const common = { kind: identity.kind, identity: identityHash(identity) };
  for (let start = 0; start < videos.length; start += batchSize) {
    const stretch = videos.slice(start, start + batchSize).map(({ videoId }) => videoId);
    const videoIds = stretch.filter((videoId) => missing.has(videoId));
    if (videoIds.length > 0) yield { ...common, stretch: at(stretch, 0), videoIds };
  }
}

/** A picture on another machine is not missing: the machine that has it embeds it. */
async function assertThumbnails(videos: Unembedded[], thumbnails: string): Promise<void> {
  const pictures = videos.flatMap(({ picture }) => (picture === null ? [] : [picturePath(thumbnails, picture)]));
  const there = await Promise.all(pictures.map(exists));
  const absent = pictures.filter((_, i) => !there[i]);
  const [first] = absent;
  if (first !== undefined) throw new ThumbnailElsewhere(first, absent.length, pictures.length);
}
