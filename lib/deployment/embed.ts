import { at } from "../base";
import { splitRows } from "../embedding";
import { type Pixels, ThumbnailRefused, type ThumbnailSource } from "../thumbnails";
import type { Encoders } from "./encoders";
import { type Refusal, ThumbnailsRefused } from "./errors";

/** A thumbnail to rank. */
export interface RankImage {
  /** Name in the ranking: a path or a file name. */
  image: string;
  /** The picture's bytes, or its path if that differs from `image`. */
  source?: ThumbnailSource;
  /** Its own title; titles given for all pictures replace it. */
  title?: string;
}

/** A picture with one title, as a ranking lists it and as the model sees it. */
export interface Candidate {
  /** The picture's place among those given, from 0. */
  index: number;
  image: string;
  title: string | null;
  /** The title's place among those given for all pictures; null if none was. */
  titleIndex: number | null;
  imageVector: Float32Array;
  titleVector: Float32Array;
}

/**
 * Embeds each picture once and each title once.
 * @param titles to combine with every picture; if empty, each picture has its own title or none
 * @returns by picture, then by title
 * @throws ThumbnailsRefused with every picture that cannot be used
 */
export async function embedCandidates(
  { image, text }: Encoders,
  images: readonly RankImage[],
  titles: readonly string[],
): Promise<Candidate[]> {
  const pixels = await decodeAll({ image, text }, images);
  const pictures = splitRows(await image.encode(pixels), image.identity.dimensions);
  const texts = titles.length > 0 ? [...titles] : [...new Set(images.map(({ title = "" }) => title))];
  const vectors = splitRows(await text.encode(texts), text.identity.dimensions);
  const vectorOf = (title: string) => at(vectors, texts.indexOf(title));
  return images.flatMap(({ image, title = "" }, index) => {
    const picture = { index, image, imageVector: at(pictures, index) };
    if (titles.length > 0) return withTitles(picture, titles, vectorOf);
    return [{ ...picture, title: title === "" ? null : title, titleIndex: null, titleVector: vectorOf(title) }];
  });
}

/** Combines a picture with each of the titles. */
export function withTitles(
  picture: Pick<Candidate, "index" | "image" | "imageVector">,
  titles: readonly string[],
  vectorOf: (title: string) => Float32Array,
): Candidate[] {
  return titles.map((title, titleIndex) => ({ ...picture, title, titleIndex, titleVector: vectorOf(title) }));
}

/** The model's input: image and title vectors side by side, [candidates, image dimensions + text dimensions]. */
export function joinVectors(candidates: readonly Candidate[]): Float32Array {
  const [first] = candidates;
  const width = first === undefined ? 0 : first.imageVector.length + first.titleVector.length;
  const rows = new Float32Array(candidates.length * width);
  candidates.forEach(({ imageVector, titleVector }, row) => {
    rows.set(imageVector, row * width);
    rows.set(titleVector, row * width + imageVector.length);
  });
  return rows;
}

async function decodeAll({ image: encoder }: Encoders, images: readonly RankImage[]): Promise<Pixels[]> {
  const decoded: Pixels[] = [];
  const refusals: Refusal[] = [];
  for (const { image, source } of images) {
    try {
      decoded.push(await encoder.decode(source ?? image));
    } catch (error) {
      if (!(error instanceof ThumbnailRefused)) throw error;
      refusals.push({ image, code: error.code, reason: error.reason });
    }
  }
  if (refusals.length > 0) throw new ThumbnailsRefused(refusals);
  return decoded;
}
