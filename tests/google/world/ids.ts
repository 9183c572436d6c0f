import { bitsOf, scramble, unscramble } from "./draw";

// Ids that look like YouTube's and say, to who knows the seed, which channel or video they are: nothing is kept.

const CHANNEL = 101;
const VIDEO = 103;

/** Most videos a channel may have. */
export const MAX_VIDEOS = 65_536;

function encoded(...words: number[]): string {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [at, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * at);
  return bytes.toString("base64url");
}

const firstWord = (text: string): number => Buffer.from(text, "base64url").readUInt32BE(0);

/** "UC" and 22 characters. */
export function channelIdOf(seed: number, index: number): string {
  const word = scramble(index ^ bitsOf(seed, CHANNEL));
  const check = [1, 2, 3].map((part) => bitsOf(seed, CHANNEL + part, word));
  return `UC${encoded(word, ...check)}`;
}

/** The channel's index, or undefined where the world of this seed has no such id. */
export function channelIndexOf(seed: number, id: string): number | undefined {
  if (!/^UC[\w-]{22}$/.test(id)) return undefined;
  const index = (unscramble(firstWord(id.slice(2))) ^ bitsOf(seed, CHANNEL)) >>> 0;
  return channelIdOf(seed, index) === id ? index : undefined;
}

/** 11 characters. */
export function videoIdOf(seed: number, channel: number, number: number): string {
  const word = scramble((channel * MAX_VIDEOS + number) ^ bitsOf(seed, VIDEO));
  return encoded(word, bitsOf(seed, VIDEO + 1, word));
}

/** Channel's index and number of the video, oldest first; undefined where the world of this seed has no such id. */
export function videoPlaceOf(seed: number, id: string): { channel: number; number: number } | undefined {
  if (!/^[\w-]{11}$/.test(id)) return undefined;
  const place = (unscramble(firstWord(id)) ^ bitsOf(seed, VIDEO)) >>> 0;
  const channel = Math.floor(place / MAX_VIDEOS);
  const number = place % MAX_VIDEOS;
  return videoIdOf(seed, channel, number) === id ? { channel, number } : undefined;
}
