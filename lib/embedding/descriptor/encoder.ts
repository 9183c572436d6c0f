import type { EncoderIdentity } from "../../store";
import { decodePicture } from "../decode";
import { type ImageEncoder, isPixels, type PictureSource } from "../encoder";
import { featuresOf } from "./features";
import { DESCRIPTOR_DIMENSIONS, descriptorOf } from "./vector";

/** Change the revision with anything that changes a vector. */
const IDENTITY: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "1",
  preprocessing: "no-black-bars, bilinear 320x180",
  normalisation: "l2",
  dimensions: DESCRIPTOR_DIMENSIONS,
};
/** JPEG pictures are decoded no larger than they need to be. */
const KEEP_WIDTH = 640;

/** The built-in picture encoder: light, colour, sharpness, edges and their layout; no download, the same on every machine. */
export function openDescriptor(): ImageEncoder {
  const decode = (source: PictureSource) => decodePicture(source, KEEP_WIDTH);
  return {
    identity: IDENTITY,
    decode,
    async encode(batch) {
      const vectors = new Float32Array(batch.length * DESCRIPTOR_DIMENSIONS);
      for (const [row, item] of batch.entries()) {
        const pixels = isPixels(item) ? item : await decode(item);
        vectors.set(descriptorOf(featuresOf(pixels)), row * DESCRIPTOR_DIMENSIONS);
      }
      return vectors;
    },
    close: async () => {},
  };
}
