import { createHash } from "node:crypto";
import { at } from "../base";
import { type Embedding, type EncoderIdentity, picturePath, type Video } from "../store";
import { type ThumbnailRefusalCode, ThumbnailRefused } from "../thumbnails";
import { type Encoder, splitRows } from "./encoder";
import type { EncoderPool, PreparedPicture } from "./pool/encoder-pool";

/** A video without a vector, and the reason. */
export interface RefusedVideo {
  videoId: string;
  code: ThumbnailRefusalCode;
  reason: string;
}

/** Result of encoding some videos. */
export interface Encoded {
  /** The videos that have a vector, in their given order. */
  videos: Listed[];
  /** [videos, dimensions] */
  vectors: Float32Array;
  refused: RefusedVideo[];
}

/** The fields of a video that embedding needs. */
export type Listed = Pick<Video, "videoId" | "title" | "picture">;

/** Supplies an encoder's inputs. */
export interface Source<Input> {
  /** A hash that changes with the input: a new picture or title is embedded again. */
  content(video: Listed): string;
  /** @throws ThumbnailRefused if there is nothing to encode */
  input(video: Listed): Promise<Input>;
}

/** Titles, unchanged. */
export const titleSource: Source<string> = {
  content: ({ title }) => createHash("sha256").update(title).digest("hex").slice(0, 32),
  input: async ({ title }) => title,
};

/** Videos whose inputs are ready to be encoded together. */
export interface Prepared<Input> {
  videos: Listed[];
  /** Of those videos, in their order. */
  inputs: Input[];
  refused: RefusedVideo[];
}

/** Prepares the inputs of some videos, leaving out those that cannot be embedded. */
export async function prepareVideos<Input>(source: Source<Input>, videos: readonly Listed[]): Promise<Prepared<Input>> {
  const prepared: Prepared<Input> = { videos: [], inputs: [], refused: [] };
  for (const { video, input, refusal } of await Promise.all(videos.map((video) => tryInput(source, video)))) {
    if (refusal) {
      prepared.refused.push({ videoId: video.videoId, code: refusal.code, reason: refusal.what });
      continue;
    }
    prepared.videos.push(video);
    prepared.inputs.push(input);
  }
  return prepared;
}

/** Encodes prepared videos in one batch. */
export async function encodePrepared<Input>(
  encoder: Encoder<Input>,
  { videos, inputs, refused }: Prepared<Input>,
): Promise<Encoded> {
  return { videos, vectors: inputs.length === 0 ? new Float32Array(0) : await encoder.encode(inputs), refused };
}

/** Converts vectors to the store's records, each with what it was made from. @param vectors [videos, dimensions] */
export function toEmbeddings(
  { kind, dimensions }: EncoderIdentity,
  videos: readonly Listed[],
  vectors: Float32Array,
): Embedding[] {
  const rows = splitRows(vectors, dimensions);
  return videos.map(({ videoId, title, picture }, row) => {
    const content = kind === "text" ? title : picture?.sha256;
    return { videoId, values: at(rows, row), ...(content === undefined ? {} : { content }) };
  });
}

type Tried<Input> = { video: Listed } & (
  | { input: Input; refusal?: never }
  | { input?: never; refusal: ThumbnailRefused }
);

async function tryInput<Input>(source: Source<Input>, video: Listed): Promise<Tried<Input>> {
  try {
    return { video, input: await source.input(video) };
  } catch (thrown) {
    if (thrown instanceof ThumbnailRefused) return { video, refusal: thrown };
    throw thrown;
  }
}

/** Stored pictures, prepared for an encoder. @param thumbnails folder of stored pictures */
export function thumbnailSource(pool: EncoderPool, thumbnails: string): Source<PreparedPicture> {
  return {
    content: ({ picture }) => picture?.sha256 ?? "no picture",
    async input({ videoId, picture }) {
      if (!picture) throw new ThumbnailRefused("PICTURE_MISSING", `of video ${videoId}`, "it was stored without one");
      return pool.prepare(picturePath(thumbnails, picture));
    },
  };
}

/** Lists videos in ascending order of ids, in which they are cut into batches. */
export async function listVideos(videos: AsyncIterable<Video>): Promise<Listed[]> {
  const listed: Listed[] = [];
  for await (const { videoId, title, picture } of videos) listed.push({ videoId, title, picture });
  return listed.sort((a, b) => (a.videoId < b.videoId ? -1 : 1));
}
