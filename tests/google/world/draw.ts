// Draws of the world: each is a function of the seed and of what it is about, so that nothing need be kept.

/** Murmur3's last step: a permutation of the 32-bit numbers that leaves no pattern. */
export function scramble(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The inverse of `scramble`. */
export function unscramble(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7ed1b41d);
  mixed ^= (mixed >>> 13) ^ (mixed >>> 26);
  mixed = Math.imul(mixed, 0xa5cb9243);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 32 random bits that depend on these numbers alone. */
export function bitsOf(seed: number, salt: number, a = 0, b = 0): number {
  return scramble((scramble((scramble((scramble(seed) + salt) | 0) + a) | 0) + b) | 0);
}

/** Uniform in [0, 1). */
export const uniformOf = (seed: number, salt: number, a = 0, b = 0): number => bitsOf(seed, salt, a, b) / 2 ** 32;

/** Standard normal (Box and Muller). */
export function normalOf(seed: number, salt: number, a = 0, b = 0): number {
  const first = uniformOf(seed, salt, a, b);
  const second = uniformOf(seed, salt + 7919, a, b);
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}

/** One of the choices. */
export function oneOf<T>(choices: readonly T[], bits: number): T {
  return choices[bits % choices.length] as T;
}
