import { type Pixels, ThumbnailRefused, type ThumbnailSource } from "../thumbnails";
import type { Encoders } from "./encoders";
import { type Refusal, ThumbnailsRefused } from "./errors";

/** A thumbnail to rank. */
export interface RankImage {
  /** Name in the ranking: a path or a file name. */
  image: string;
  /** The picture's bytes, or its path if that differs from `image`. */
  source?: ThumbnailSource;
  title?: string;
}

/**
 * Embeds pictures with their titles.
 * @returns image and title embedding side by side, [images, image dimensions + text dimensions]
 * @throws ThumbnailsRefused with every picture that cannot be used
 */
export async function embedImages({ image, text }: Encoders, images: readonly RankImage[]): Promise<Float32Array> {
  const pictures = await image.encode(await decodeAll({ image, text }, images));
  const titles = await text.encode(images.map(({ title }) => title ?? ""));
  const imageDim = image.identity.dimensions;
  const textDim = text.identity.dimensions;
  const rows = new Float32Array(images.length * (imageDim + textDim));
  images.forEach((_, row) => {
    const start = row * (imageDim + textDim);
    rows.set(pictures.subarray(row * imageDim, (row + 1) * imageDim), start);
    rows.set(titles.subarray(row * textDim, (row + 1) * textDim), start + imageDim);
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
