import { hashSeed } from "../../base";
import type { EncoderIdentity } from "../../store";
import type { TextEncoder } from "../encoder";
import { completed } from "../encoder";

/** The features that the title-hash encoder computes from a title; each value is about 0 to 1. */
export const SIGNS: readonly ((title: string) => number)[] = [
  (title) => length(title) / 100,
  (title) => words(title).length / 16,
  (title) => Math.abs(length(title) - 50) / 50,
  (title) => share(title, /\p{Lu}/gu, /\p{L}/gu),
  (title) => (words(title).filter((word) => /^\p{Lu}{2,}$/u.test(word)).length > 0 ? 1 : 0),
  (title) => upTo(4, words(title).filter((word) => /^\p{Lu}{2,}$/u.test(word)).length),
  (title) => upTo(6, matches(title, /\p{Nd}/gu)),
  (title) => has(title, /\p{Nd}/u),
  (title) => has(title, /^\W*\p{Nd}/u),
  (title) => has(title, /\b(19|20)\d\d\b/),
  (title) => has(title, /[$€£]\s?\d|\d\s?[$€£]/),
  (title) => has(title, /[?？]/),
  (title) => has(title, /[!！]/),
  (title) => upTo(3, matches(title, /[!！]/g)),
  (title) => has(title, /\.\.\.|…/),
  (title) => has(title, /[([【]/),
  (title) => has(title, /[|｜]/),
  (title) => has(title, /[:：]/),
  (title) => has(title, /\s[-–—]\s/),
  (title) => has(title, /#\p{L}/u),
  (title) => has(title, /["“”«»]/),
  (title) => has(title, /\p{Extended_Pictographic}/u),
  (title) => upTo(3, matches(title, /\p{Extended_Pictographic}/gu)),
  (title) => has(title, /\b(i|me|my|we|our)\b/i),
  (title) => has(title, /\b(you|your)\b/i),
  (title) => has(title, /\bhow\b/i),
  (title) => has(title, /\b(why|what|who|when|where|which)\b/i),
  (title) => has(title, /\b(best|worst|most|ever|never|only|first|last)\b/i),
  (title) => has(title, /\b(vs|versus)\b/i),
  (title) => has(title, /\b(new|now|today|update|live)\b/i),
  (title) => share(title, /[^\p{L}\p{N}\s]/gu, /\S/gu),
  (title) => length(words(title).reduce((longest, word) => (length(word) > length(longest) ? word : longest), "")) / 16,
];

const DIMENSIONS = 384;
const CHARACTER_BUCKETS = 128;
const WORD_BUCKETS = DIMENSIONS - 1 - SIGNS.length - CHARACTER_BUCKETS;
/** Shares of the squared length: signs up to 0.5, words and characters a fifth each. */
const SIGN_WEIGHT = Math.sqrt(0.5 / SIGNS.length) * 2;
const GRAM_WEIGHT = Math.sqrt(0.2);

/** Change the revision whenever a vector changes. */
const IDENTITY: EncoderIdentity = {
  kind: "text",
  model: "title-hash",
  revision: "1",
  preprocessing: "nfkc, lower case for grams",
  normalisation: "l2",
  dimensions: DIMENSIONS,
};

/**
 * Opens the built-in title encoder: 32 signs (length, digits, questions, capitals ...), words and word pairs hashed to
 * 223 numbers, character trigrams to 128, and one number that completes the length. No download.
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

/** Encodes one title as 384 numbers of length 1. */
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

/** Words and pairs of adjacent words, in lower case. */
export function wordGrams(title: string): string[] {
  const all = words(title.normalize("NFKC").toLowerCase());
  return [...all, ...all.slice(1).map((word, index) => `${all[index]} ${word}`)];
}

/** Character trigrams of each word, with its ends marked. */
export function characterGrams(title: string): string[] {
  return words(title.normalize("NFKC").toLowerCase()).flatMap((word) => {
    const characters = ["<", ...word, ">"];
    return characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`);
  });
}

/**
 * Feature hashing (Weinberger and others 2009): each gram adds 1 or -1, by one bit of its hash, to the bucket that the
 * other bits choose; the result is normalised to length 1. No grams give zeros.
 * @returns [buckets]
 */
export function hashed(grams: string[], space: string, buckets: number): Float32Array {
  const counts = new Float32Array(buckets);
  for (const gram of grams) {
    const hash = scrambled(hashSeed(space, gram));
    const bucket = (hash >>> 1) % buckets;
    counts[bucket]! += hash & 1 ? 1 : -1;
  }
  const length = Math.hypot(...counts);
  return length > 0 ? counts.map((count) => count / length) : counts;
}

/** The finaliser of MurmurHash3: FNV alone distributes the low bits of short strings unevenly. */
function scrambled(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Words: sequences of letters and digits, in any script. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function length(text: string): number {
  return [...text].length;
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function has(text: string, pattern: RegExp): number {
  return pattern.test(text) ? 1 : 0;
}

function upTo(most: number, count: number): number {
  return Math.min(count, most) / most;
}

function share(text: string, part: RegExp, whole: RegExp): number {
  return matches(text, part) / Math.max(1, matches(text, whole));
}
