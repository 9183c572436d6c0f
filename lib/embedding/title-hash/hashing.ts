import { seedOf } from "../../base";
import { words } from "./signs";

/** Words and pairs of neighbouring words, in lower case. */
export function wordGrams(title: string): string[] {
  const all = words(title.normalize("NFKC").toLowerCase());
  return [...all, ...all.slice(1).map((word, index) => `${all[index]} ${word}`)];
}

/** Runs of three characters within each word, its ends marked. */
export function characterGrams(title: string): string[] {
  return words(title.normalize("NFKC").toLowerCase()).flatMap((word) => {
    const characters = ["<", ...word, ">"];
    return characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`);
  });
}

/**
 * Feature hashing (Weinberger and others 2009): each gram adds 1 or -1, by one bit of its hash, to the bucket that
 * the other bits choose; then length 1. No grams give zeros.
 * @returns [buckets]
 */
export function hashed(grams: string[], space: string, buckets: number): Float32Array {
  const counts = new Float32Array(buckets);
  for (const gram of grams) {
    const hash = scrambled(seedOf(space, gram));
    const bucket = (hash >>> 1) % buckets;
    counts[bucket]! += hash & 1 ? 1 : -1;
  }
  const length = Math.hypot(...counts);
  return length > 0 ? counts.map((count) => count / length) : counts;
}

/** The finish of MurmurHash3: FNV alone leaves the low bits of short strings uneven. */
function scrambled(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
