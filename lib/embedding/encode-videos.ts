import { at } from "../base";
import type { Embedding, EncoderIdentity } from "../store";
import { type PictureRefusalCode, PictureRefused } from "../thumbnails";
import type { Encoder } from "./encoder";
import { rowsOf } from "./neighbours";
import type { Listed, Source } from "./source";

/** A video that has no vector, and why. */
export interface RefusedVideo {
  videoId: string;
  code: PictureRefusalCode;
  reason: string;
}

/** What an encoder made of some videos. */
export interface Encoded {
  /** Those that have a vector, in their order. */
  videos: Listed[];
  /** [videos, dimensions] */
  vectors: Float32Array;
  refused: RefusedVideo[];
}

/** Encodes videos at once, leaving out what cannot be embedded. */
export async function encodeVideos<Input>(
  encoder: Encoder<Input>,
  source: Source<Input>,
  videos: readonly Listed[],
): Promise<Encoded> {
  const tried = await Promise.all(videos.map((video) => inputOf(source, video)));
  const usable: { video: Listed; input: Input }[] = [];
  const refused: RefusedVideo[] = [];
  for (const { video, input, refusal } of tried) {
    if (refusal) refused.push({ videoId: video.videoId, code: refusal.code, reason: refusal.what });
    else usable.push({ video, input });
  }
  const inputs = usable.map(({ input }) => input);
  const vectors = inputs.length === 0 ? new Float32Array(0) : await encoder.encode(inputs);
  return { videos: usable.map(({ video }) => video), vectors, refused };
}

/** Vectors as the store takes them, each with what it was made of. @param vectors [videos, dimensions] */
export function embeddingsOf(
  { kind, dimensions }: EncoderIdentity,
  videos: readonly Listed[],
  vectors: Float32Array,
): Embedding[] {
  const rows = rowsOf(vectors, dimensions);
  return videos.map(({ videoId, title, picture }, row) => {
    const content = kind === "text" ? title : picture?.sha256;
    return { videoId, values: at(rows, row), ...(content === undefined ? {} : { content }) };
  });
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
