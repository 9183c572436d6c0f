import type { EncoderIdentity } from "../../store";
import { completed } from "../completion";
import type { TextEncoder } from "../encoder";
import { characterGrams, hashed, wordGrams } from "./hashing";
import { SIGNS } from "./signs";

const DIMENSIONS = 384;
const CHARACTER_BUCKETS = 128;
const WORD_BUCKETS = DIMENSIONS - 1 - SIGNS.length - CHARACTER_BUCKETS;
/** Parts of the squared length: signs up to 0.5, words and characters a fifth each. */
const SIGN_WEIGHT = Math.sqrt(0.5 / SIGNS.length) * 2;
const GRAM_WEIGHT = Math.sqrt(0.2);

/** Change the revision with anything that changes a vector. */
const IDENTITY: EncoderIdentity = {
  kind: "text",
  model: "title-hash",
  revision: "1",
  preprocessing: "nfkc, lower case for grams",
  normalisation: "l2",
  dimensions: DIMENSIONS,
};

/**
 * The built-in title encoder: 32 signs (length, digits, questions, capitals ...), words and word pairs hashed to 223
 * numbers, runs of three characters to 128, and one that completes the length. No download.
 */
export function openTitleHash(): TextEncoder {
  return {
    identity: IDENTITY,
    async encode(batch) {
      const vectors = new Float32Array(batch.length * DIMENSIONS);
      for (const [row, title] of batch.entries()) vectors.set(titleVector(title), row * DIMENSIONS);
      return vectors;
    },
    close: async () => {},
  };
}

/** One title in 384 numbers, length 1. */
export function titleVector(title: string): Float32Array {
  const features = new Float32Array(DIMENSIONS - 1);
  features.set(SIGNS.map((sign) => (Math.min(1, sign(title)) - 0.5) * SIGN_WEIGHT));
  const grams = [
    ...hashed(wordGrams(title), "words", WORD_BUCKETS),
    ...hashed(characterGrams(title), "characters", CHARACTER_BUCKETS),
  ];
  features.set(
    grams.map((value) => value * GRAM_WEIGHT),
    SIGNS.length,
  );
  return completed(features);
}
