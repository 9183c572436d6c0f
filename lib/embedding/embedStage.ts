import { access } from "node:fs/promises";
import type { Paths } from "../config";
import { type EmbeddingScope, picturePath, type Store, type Unembedded } from "../store";
import type { Stage } from "../tasks";
import { BATCH_SIZE } from "./embedAll";
import { type Encoder, type ImageEncoder, identityHash, type TextEncoder } from "./encoder";
import { embeddingsOf, encodeVideos, type RefusedVideo } from "./encodeVideos";
import { EncoderElsewhere, PictureElsewhere } from "./errors";
import { listVideos, pictureSource, type Source, titleSource } from "./source";

/** Videos that are encoded together: those of one stretch of the list that lack a vector. */
export interface EmbedPiece {
  kind: "image" | "text";
  /** `identityHash` of the encoder that is to do it. */
  identity: string;
  /** First video of the stretch, which names it whatever of it is done. */
  stretch: string;
  videoIds: string[];
}

/** What embeds into the store, and with what. */
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
  /** Told of each picture that cannot be embedded. */
  refused?: (video: RefusedVideo) => void;
}

/**
 * Embedding into the store alone, for several programs at once; `embedAll` then fills one machine's files from there.
 * The pieces are its batches, so the vectors are the same, bit for bit. Encoders are free until a piece is performed.
 */
export function embedStages(job: StoreEmbedJob): Record<EmbedPiece["kind"], Stage<EmbedPiece>> {
  const images = {
    name: "embed pictures",
    encoder: job.image,
    source: pictureSource(job.image, job.paths.thumbnails),
    check: (videos: Unembedded[]) => assertPictures(videos, job.paths.thumbnails),
  };
  const titles = { name: "embed titles", encoder: job.text, source: titleSource, check: async () => {} };
  return { image: stageOf(job, images), text: stageOf(job, titles) };
}

interface Part<Input> {
  name: string;
  encoder: Encoder<Input>;
  source: Source<Input>;
  /** @throws PictureElsewhere */
  check(videos: Unembedded[]): Promise<void>;
}

function stageOf<Input>(job: StoreEmbedJob, part: Part<Input>): Stage<EmbedPiece> {
  const { store, scope = "rated" } = job;
  const { identity } = part.encoder;
  return {
    name: part.name,
    concurrency: 1,
    count: () => store.countMissingEmbeddings(identity, scope),
    pending: () => pendingPieces(job, part.encoder),
    async perform(piece) {
      if (piece.identity !== identityHash(identity)) throw new EncoderElsewhere(piece.kind, identity);
      const lacking = await store.missingEmbeddingsAmong(identity, piece.videoIds);
      await part.check(lacking);
      const { videos, vectors, refused } = await encodeVideos(part.encoder, part.source, lacking);
      for (const video of refused) job.refused?.(video);
      await store.saveEmbeddings(identity, embeddingsOf(identity, videos, vectors));
      return videos.length;
    },
  };
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
    if (videoIds.length > 0) yield { ...common, stretch: stretch[0] as string, videoIds };
  }
}

/** A picture that lies on another machine is no picture that is missing: whoever has it embeds it. */
async function assertPictures(videos: Unembedded[], thumbnails: string): Promise<void> {
  for (const { videoId, picture } of videos) {
    if (picture === null) continue;
    const path = picturePath(thumbnails, picture);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) throw new PictureElsewhere(videoId, path);
  }
}
