import type { Progress } from "../progress";
import type { Embedding, EmbeddingScope, EncoderIdentity, Store, Video } from "../store";
import type { Encoder } from "./encoder";
import { PictureRefused, type RefusalReason } from "./errors";
import { folderOf } from "./file/layout";
import type { RowKey } from "./file/rows";
import { readVectors } from "./file/vectors";
import { type EmbeddingFile, openEmbeddingFile } from "./file/write";

/** What is embedded of a video. */
export type Listed = Pick<Video, "videoId" | "title" | "picture">;

/** Where an encoder's inputs come from. */
export interface Source<Input> {
  /** A hash that changes with the input: another picture or title is embedded anew. */
  content(video: Listed): string;
  /** @throws PictureRefused when there is nothing to encode */
  input(video: Listed): Promise<Input>;
}

/** One encoder's part of the job. */
export interface EncoderJob<Input> {
  stage: string;
  store: Pick<Store, "missingEmbeddings" | "saveEmbeddings">;
  embeddings: string;
  videos: Listed[];
  batchSize: number;
  scope: EmbeddingScope;
  encoder: Encoder<Input>;
  source: Source<Input>;
}

/** A video that has no vector, and why. */
export interface RefusedVideo {
  videoId: string;
  reason: RefusalReason;
  detail: string;
}

/** What became of one encoder's part of the job. */
export interface EmbedOutcome {
  identity: EncoderIdentity;
  videos: number;
  embedded: number;
  /** Done by an earlier run. */
  already: number;
  refused: RefusedVideo[];
}

/**
 * Embeds videos batch by batch. A batch is a fixed stretch of the list, and is kept as a whole or not at all, so that
 * a run that was killed leaves the next one with the same batches: an encoder may round differently in others.
 */
export async function* embedVideos<Input>(job: EncoderJob<Input>): AsyncGenerator<Progress, EmbedOutcome> {
  const { videos, batchSize, stage, encoder } = job;
  const outcome: EmbedOutcome = {
    identity: encoder.identity,
    videos: videos.length,
    embedded: 0,
    already: 0,
    refused: [],
  };
  const file = await openEmbeddingFile(job.embeddings, encoder.identity);
  try {
    const unsaved = await missingInStore(job);
    for (let start = 0; start < videos.length; start += batchSize) {
      yield { stage, done: start, total: videos.length };
      const batch = videos.slice(start, start + batchSize);
      const [done, open] = split(batch, (video) => rowOf(job, file, video) !== undefined);
      outcome.already += done.length;
      await copyToStore(
        job,
        file,
        done.filter((video) => unsaved.has(video.videoId)),
      );
      outcome.embedded += await embedBatch(job, file, open, outcome.refused);
    }
    yield { stage, done: videos.length, total: videos.length };
    return outcome;
  } finally {
    await file.close();
  }
}

function rowOf<Input>({ source }: EncoderJob<Input>, file: EmbeddingFile, video: Listed): number | undefined {
  return file.rowOf(video.videoId, source.content(video));
}

async function missingInStore<Input>({ store, encoder, scope }: EncoderJob<Input>): Promise<Set<string>> {
  const missing = new Set<string>();
  for await (const { videoId } of store.missingEmbeddings(encoder.identity, scope)) missing.add(videoId);
  return missing;
}

/** Encodes and keeps a batch; returns how many were embedded. */
async function embedBatch<Input>(
  { encoder, source, store }: EncoderJob<Input>,
  file: EmbeddingFile,
  batch: Listed[],
  refused: RefusedVideo[],
): Promise<number> {
  const inputs = await Promise.all(batch.map((video) => inputOf(source, video)));
  const usable: { video: Listed; input: Input }[] = [];
  for (const { video, input, refusal } of inputs) {
    if (refusal) refused.push({ videoId: video.videoId, reason: refusal.reason, detail: refusal.what });
    else usable.push({ video, input });
  }
  if (usable.length === 0) return 0;
  const vectors = await encoder.encode(usable.map(({ input }) => input));
  const keys = usable.map(({ video }): RowKey => [video.videoId, source.content(video)]);
  await file.append(keys, vectors);
  await store.saveEmbeddings(
    encoder.identity,
    embeddings(
      keys.map(([videoId]) => videoId),
      vectors,
    ),
  );
  return usable.length;
}

type Tried<Input> = { video: Listed } & (
  | { input: Input; refusal?: never }
  | { input?: never; refusal: PictureRefused }
);

async function inputOf<Input>(source: Source<Input>, video: Listed): Promise<Tried<Input>> {
  try {
    return { video, input: await source.input(video) };
  } catch (thrown) {
    if (thrown instanceof PictureRefused) return { video, refusal: thrown };
    throw thrown;
  }
}

/** For vectors that reached the file, but not the store, before a run ended. */
async function copyToStore<Input>(job: EncoderJob<Input>, file: EmbeddingFile, videos: Listed[]): Promise<void> {
  if (videos.length === 0) return;
  const { identity } = job.encoder;
  const rows = videos.map((video) => rowOf(job, file, video) as number);
  const vectors = await readVectors(folderOf(job.embeddings, identity), identity.dimensions, rows);
  await job.store.saveEmbeddings(
    identity,
    embeddings(
      videos.map(({ videoId }) => videoId),
      vectors,
    ),
  );
}

function embeddings(videoIds: string[], vectors: Float32Array): Embedding[] {
  const dimensions = vectors.length / videoIds.length;
  return videoIds.map((videoId, row) => ({
    videoId,
    values: vectors.subarray(row * dimensions, (row + 1) * dimensions),
  }));
}

function split<Item>(items: Item[], test: (item: Item) => boolean): [yes: Item[], no: Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
