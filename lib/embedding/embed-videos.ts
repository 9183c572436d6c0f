import { concatenated, type Progress } from "../base";
import type { Embedding, EmbeddingScope, EncoderIdentity, Store } from "../store";
import type { Listed, Source } from "./encode-videos";
import { encodePrepared, type Prepared, prepareVideos, type RefusedVideo, toEmbeddings } from "./encode-videos";
import type { Encoder } from "./encoder";
import { embeddingFolder } from "./file/layout";
import { hasUnitLength, putInto, putVectors, type RowKey } from "./file/rows";
import { type EmbeddingFile, openEmbeddingFile } from "./file/write";

/** The part of the job for one encoder. */
export interface EncoderJob<Input> {
  stage: string;
  store: Pick<Store, "missingEmbeddings" | "saveEmbeddings" | "embeddings">;
  embeddings: string;
  videos: Listed[];
  batchSize: number;
  scope: EmbeddingScope;
  encoder: Encoder<Input>;
  source: Source<Input>;
}

/** The outcome of one encoder's part of the job. */
export interface EmbedOutcome {
  identity: EncoderIdentity;
  videos: number;
  embedded: number;
  /** Embedded by an earlier run. */
  already: number;
  /** Embedded by workers and copied from the store. */
  fetched: number;
  /** Found damaged in the files, and embedded or copied again. */
  damaged: number;
  refused: RefusedVideo[];
}

/** The store's vectors, to be looked up by ascending id. */
interface StoredVectors {
  /** The vector of a video; undefined if there is none. Each id must be greater than the previous one. */
  find(videoId: string): Promise<Float32Array | undefined>;
  close(): Promise<void>;
}

/**
 * Embeds videos batch by batch. A batch is a fixed stretch of the list and is stored completely or not at all, so that
 * a run after an interruption uses the same batches: an encoder may round differently in others.
 */
export async function* embedVideos<Input>(job: EncoderJob<Input>): AsyncGenerator<Progress, EmbedOutcome> {
  const { videos, batchSize, stage, encoder } = job;
  const counts = { embedded: 0, already: 0, fetched: 0, damaged: 0 };
  const outcome: EmbedOutcome = { identity: encoder.identity, videos: videos.length, ...counts, refused: [] };
  const file = await openEmbeddingFile(job.embeddings, encoder.identity);
  const stored = storedVectors(job.store.embeddings(encoder.identity));
  let ahead: Promise<Batch<Input>> | undefined;
  try {
    outcome.damaged = file.damaged;
    const note = file.damaged === 0 ? {} : { note: `${file.damaged} damaged vectors are embedded again` };
    const known = { file, stored, unsaved: await missingInStore(job) };
    const prepare = (start: number) => prepareBatch(job, known, videos.slice(start, start + batchSize));
    for (let start = 0; start < videos.length; start += batchSize) {
      yield { stage, done: start, already: thereBefore(outcome), total: videos.length, ...note };
      const batch = await (ahead ?? prepare(start));
      // The next batch is decoded while this one is encoded and stored.
      ahead = start + batchSize < videos.length ? prepare(start + batchSize) : undefined;
      ahead?.catch(() => {});
      await embedBatch(job, file, batch, outcome);
    }
    yield { stage, done: videos.length, already: thereBefore(outcome), total: videos.length };
    return outcome;
  } finally {
    await ahead?.catch(() => {});
    await stored.close();
    await file.close();
  }
}

const thereBefore = ({ already, fetched }: EmbedOutcome) => already + fetched;

/** What exists already. */
interface Known {
  file: EmbeddingFile;
  stored: StoredVectors;
  /** Videos without a vector in the store. */
  unsaved: ReadonlySet<string>;
}

/** A batch as far as it is known, and the rest prepared. */
interface Batch<Input> {
  /** Number of videos in the file. */
  done: number;
  /** In the file, but not in the store. */
  uncopied: Listed[];
  /** In the store, but not in the file. */
  fetched: Vectors;
  /** In neither. */
  prepared: Prepared<Input>;
}

interface Vectors {
  videos: Listed[];
  /** [videos, dimensions] */
  vectors: Float32Array;
}

/** Reads what the store has and the file lacks, and prepares what neither has. */
async function prepareBatch<Input>(
  job: EncoderJob<Input>,
  { file, stored, unsaved }: Known,
  batch: Listed[],
): Promise<Batch<Input>> {
  const [done, open] = split(batch, (video) => rowOf(job, file, video) !== undefined);
  const saved = (video: Listed) => !unsaved.has(video.videoId);
  const fetched = await readFromStore(job, stored, open.filter(saved));
  const found = new Set(fetched.videos);
  const lacking = open.filter((video) => !found.has(video));
  const uncopied = done.filter((video) => !saved(video));
  return { done: done.length, uncopied, fetched, prepared: await prepareVideos(job.source, lacking) };
}

/** Copies between file and store what only one of them has, and encodes what neither has. */
async function embedBatch<Input>(
  job: EncoderJob<Input>,
  file: EmbeddingFile,
  { done, uncopied, fetched, prepared }: Batch<Input>,
  outcome: EmbedOutcome,
): Promise<void> {
  const { store, source, encoder } = job;
  const append = async ({ videos, vectors }: Vectors) => {
    if (videos.length > 0) await file.append(rowKeys(source, videos), vectors);
  };
  outcome.already += done;
  await append(fetched);
  outcome.fetched += fetched.videos.length;
  await copyToStore(job, file, uncopied);
  const { videos, vectors, refused } = await encodePrepared(encoder, prepared);
  outcome.refused.push(...refused);
  await append({ videos, vectors });
  if (videos.length > 0) await store.saveEmbeddings(encoder.identity, toEmbeddings(encoder.identity, videos, vectors));
  outcome.embedded += videos.length;
}

function rowOf<Input>({ source }: EncoderJob<Input>, file: EmbeddingFile, video: Listed): number | undefined {
  return file.rowOf(video.videoId, source.content(video));
}

async function missingInStore<Input>({ store, encoder, scope }: EncoderJob<Input>): Promise<Set<string>> {
  const missing = new Set<string>();
  for await (const { videoId } of store.missingEmbeddings(encoder.identity, scope)) missing.add(videoId);
  return missing;
}

/** Copies vectors that were written to the file, but not to the store, before a run ended. */
async function copyToStore<Input>(job: EncoderJob<Input>, file: EmbeddingFile, videos: Listed[]): Promise<void> {
  if (videos.length === 0) return;
  const { identity } = job.encoder;
  const rows = videos.map((video) => rowOf(job, file, video) ?? -1);
  const vectors = new Float32Array(rows.length * identity.dimensions);
  const folder = embeddingFolder(job.embeddings, identity);
  await putVectors(folder, identity.dimensions, rows, putInto(vectors, identity.dimensions));
  await job.store.saveEmbeddings(identity, toEmbeddings(identity, videos, vectors));
}

/** Reads vectors made by workers. A video without a picture is not looked up. */
async function readFromStore<Input>(
  { encoder: { identity } }: EncoderJob<Input>,
  stored: StoredVectors,
  videos: Listed[],
): Promise<Vectors> {
  const found: { video: Listed; vector: Float32Array }[] = [];
  for (const video of videos) {
    if (identity.kind === "image" && video.picture === null) continue;
    const vector = await stored.find(video.videoId);
    // A damaged vector in the store is embedded again as well.
    if (vector?.length === identity.dimensions && hasUnitLength(vector)) found.push({ video, vector });
  }
  return { videos: found.map(({ video }) => video), vectors: concatenated(found.map(({ vector }) => vector)) };
}

const rowKeys = <Input>(source: Source<Input>, videos: Listed[]) =>
  videos.map((video): RowKey => [video.videoId, source.content(video)]);

function split<Item>(items: Item[], test: (item: Item) => boolean): [yes: Item[], no: Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** Reads the store's vectors in one pass, starting at the first lookup. @param embeddings in ascending order of ids */
function storedVectors(embeddings: AsyncIterable<Embedding>): StoredVectors {
  const reading = embeddings[Symbol.asyncIterator]();
  let current: IteratorResult<Embedding> | undefined;
  return {
    async find(videoId) {
      current ??= await reading.next();
      while (!current.done && current.value.videoId < videoId) current = await reading.next();
      return !current.done && current.value.videoId === videoId ? current.value.values : undefined;
    },
    async close() {
      await reading.return?.();
    },
  };
}
