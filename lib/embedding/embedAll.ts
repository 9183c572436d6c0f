import { createHash } from "node:crypto";
import type { Paths } from "../config";
import type { Progress } from "../progress";
import { type EmbeddingScope, picturePath, type Store, type Video } from "../store";
import { type EmbedOutcome, embedVideos, type Listed, type Source } from "./embedVideos";
import type { ImageEncoder, PictureSource, Pixels, TextEncoder } from "./encoder";
import { PictureRefused } from "./errors";

/** What embedding needs of a store. */
export type EmbeddingStore = Pick<Store, "videos" | "ratedVideos" | "missingEmbeddings" | "saveEmbeddings">;

/** What to embed, and with what. */
export interface EmbedJob {
  store: EmbeddingStore;
  paths: Pick<Paths, "embeddings" | "thumbnails">;
  image: ImageEncoder;
  text: TextEncoder;
  /** Pictures or titles encoded, and kept, at once. */
  batchSize?: number;
  /** `rated` (default): videos that are in a fold; `all`: every stored video. */
  scope?: EmbeddingScope;
}

export interface EmbedReport {
  image: EmbedOutcome;
  text: EmbedOutcome;
}

/**
 * Embeds pictures, then titles, of the videos of a store, into files below `paths.embeddings` and into the store.
 * What is done is skipped. Stop it anywhere, even by SIGKILL, and run it again: the vectors are the same, bit for bit.
 * Pictures that cannot be embedded are left out and reported.
 * @throws EmbeddingFileBusy, EmbeddingFileDamaged
 */
export async function* embedAll(job: EmbedJob): AsyncGenerator<Progress, EmbedReport> {
  const { store, paths, batchSize = 32, scope = "rated" } = job;
  const videos = await listVideos(scope === "all" ? store.videos() : store.ratedVideos());
  const common = { store, embeddings: paths.embeddings, videos, batchSize, scope };
  const pictures = pictureSource(job);
  const image = yield* embedVideos({ ...common, stage: "embed pictures", encoder: job.image, source: pictures });
  const text = yield* embedVideos({ ...common, stage: "embed titles", encoder: job.text, source: titleSource });
  return { image, text };
}

async function listVideos(videos: AsyncIterable<Video>): Promise<Listed[]> {
  const listed: Listed[] = [];
  for await (const { videoId, title, picture } of videos) listed.push({ videoId, title, picture });
  return listed.sort((a, b) => (a.videoId < b.videoId ? -1 : 1));
}

function pictureSource({ image, paths }: EmbedJob): Source<PictureSource | Pixels> {
  return {
    content: ({ picture }) => picture?.sha256 ?? "no picture",
    async input({ videoId, picture }) {
      if (!picture) throw new PictureRefused(`of video ${videoId}`, "missing", "the video was stored without one");
      return image.decode(picturePath(paths.thumbnails, picture));
    },
  };
}

const titleSource: Source<string> = {
  content: ({ title }) => createHash("sha256").update(title).digest("hex").slice(0, 32),
  input: async ({ title }) => title,
};
