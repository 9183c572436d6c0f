import type { EncoderIdentity } from "../../store";
import { decodeThumbnail, type Pixels, type ThumbnailSource } from "../../thumbnails";
import { withoutBlackBars } from "../black-bars";
import { type ImageEncoder, isPixels } from "../encoder";
import { uprightFirst } from "../superseded";
import { computeFeatures } from "./features";
import { framed } from "./planes";
import { DESCRIPTOR_DIMENSIONS, toDescriptor } from "./vector";

const AFTER_TURNING = "no-black-bars, bilinear 320x180";
/** Change the revision with anything that changes a vector. */
const IDENTITY: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "2",
  preprocessing: uprightFirst(AFTER_TURNING),
  normalisation: "l2",
  dimensions: DESCRIPTOR_DIMENSIONS,
};
/** The version before pictures were turned upright. */
const AS_STORED: EncoderIdentity = { ...IDENTITY, revision: "1", preprocessing: AFTER_TURNING };
/** JPEG pictures are decoded no larger than they need to be. */
const KEEP_WIDTH = 640;
/** Of a batch of pictures that are larger decoded, only what is looked at is kept. */
const KEEP_PIXELS = 640 * 480;

/**
 * The built-in picture encoder: light, colour, sharpness, edges and their layout; no download, the same on every machine.
 * @param preprocessing of an earlier version, where that one is wanted
 */
export function openDescriptor(preprocessing?: string): ImageEncoder {
  const identity = preprocessing === AS_STORED.preprocessing ? AS_STORED : IDENTITY;
  const options = { keepWidth: KEEP_WIDTH, asStored: identity === AS_STORED };
  const kept = (pixels: Pixels) => (pixels.width * pixels.height > KEEP_PIXELS ? framed(pixels) : pixels);
  const decode = (source: ThumbnailSource) =>
    decodeThumbnail(source, options, (pixels) => kept(withoutBlackBars(pixels)));
  return {
    identity,
    decode,
    async encode(batch) {
      const vectors = new Float32Array(batch.length * DESCRIPTOR_DIMENSIONS);
      for (const [row, item] of batch.entries()) {
        const pixels = isPixels(item) ? item : await decode(item);
        vectors.set(toDescriptor(computeFeatures(pixels)), row * DESCRIPTOR_DIMENSIONS);
      }
      return vectors;
    },
    close: async () => {},
  };
}
