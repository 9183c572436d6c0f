import type { Progress } from "../base";
import type { Paths } from "../config";
import type { EmbeddingScope, EncoderIdentity, Store } from "../store";
import { type EmbedOutcome, type EncoderJob, embedVideos } from "./embed-videos";
import { listVideos, thumbnailSource, titleSource } from "./encode-videos";
import type { ImageEncoder, TextEncoder } from "./encoder";
import { isSameEncoder, isSuperseded } from "./encoders";
import { embeddingFolder } from "./file/layout";
import { embeddedIdentities } from "./file/load";
import { EncoderPool } from "./pool/encoder-pool";

/** The part of a store that embedding needs. */
export type EmbeddingStore = Pick<
  Store,
  "videos" | "ratedVideos" | "missingEmbeddings" | "saveEmbeddings" | "embeddings"
>;

/** What to embed, and with which encoders. */
export interface EmbedJob {
  store: EmbeddingStore;
  paths: Pick<Paths, "embeddings" | "thumbnails">;
  image: ImageEncoder;
  text: TextEncoder;
  /** Number of pictures or titles encoded and stored at once. */
  batchSize?: number;
  /** `rated` (default): videos that are in a fold; `all`: every stored video. */
  scope?: EmbeddingScope;
  /** Threads that decode pictures, and embed them where the encoder has none of its own; by default one for each core. */
  threads?: number | undefined;
}

export interface EmbedReport {
  image: EmbedOutcome;
  text: EmbedOutcome;
  /** Folders of vectors made by earlier versions of these encoders, which the newer vectors replace. */
  superseded: string[];
}

/** Number of pictures or titles encoded and stored at once. */
export const BATCH_SIZE = 32;
/** Pictures embedded before threads start: with fewer, starting them would take longer than it saves. */
export const BEFORE_THREADS = 128;

/**
 * Embeds pictures, then titles, of the videos of a store, into files below `paths.embeddings` and into the store.
 * Existing vectors are skipped, and vectors made by workers are copied from the store. It can be stopped at any point,
 * even by SIGKILL: running it again gives the same vectors, bit for bit. Pictures that cannot be embedded are left out
 * and reported.
 * @throws EmbeddingFileBusy, EmbeddingFileDamaged
 */
export async function* embedAll(job: EmbedJob): AsyncGenerator<Progress, EmbedReport> {
  const common = await commonJob(job);
  const image = yield* embedWithThreads(job, common);
  const text = yield* embedVideos({ ...common, stage: "embed titles", encoder: job.text, source: titleSource });
  return { image, text, superseded: await supersededFolders(job.paths, image.identity) };
}

/** The pictures' part of `embedAll`. @throws EmbeddingFileBusy, EmbeddingFileDamaged */
export async function* embedPictures(job: Omit<EmbedJob, "text">): AsyncGenerator<Progress, EmbedOutcome> {
  return yield* embedWithThreads(job, await commonJob(job));
}

type CommonJob = Omit<EncoderJob<never>, "stage" | "encoder" | "source">;

async function commonJob({
  store,
  paths,
  batchSize = BATCH_SIZE,
  scope = "rated",
}: Omit<EmbedJob, "image" | "text">): Promise<CommonJob> {
  const videos = await listVideos(scope === "all" ? store.videos() : store.ratedVideos());
  return { store, embeddings: paths.embeddings, videos, batchSize, scope };
}

/** Embeds pictures and ends the threads, also when it is stopped. */
async function* embedWithThreads(
  { image, threads, paths }: Pick<EmbedJob, "image" | "threads" | "paths">,
  common: CommonJob,
): AsyncGenerator<Progress, EmbedOutcome> {
  const pool = new EncoderPool(image, { threads, beforeThreads: BEFORE_THREADS });
  try {
    const source = thumbnailSource(pool, paths.thumbnails);
    return yield* embedVideos({ ...common, stage: "embed pictures", encoder: pool, source });
  } finally {
    await pool.endThreads();
  }
}

async function supersededFolders({ embeddings }: EmbedJob["paths"], now: EncoderIdentity): Promise<string[]> {
  const embedded = await embeddedIdentities({ embeddings });
  const earlier = embedded.filter((one) => isSameEncoder(one, now) && isSuperseded(one));
  return earlier.map((identity) => embeddingFolder(embeddings, identity));
}
