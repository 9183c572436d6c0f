/**
 * Seeded randomness: one seed determines every draw. Streams are derived by name, so draws from one never affect
 * another.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal (Box and Muller). */
  normal(): number;
}

const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a hash of the parts, joined by "/": a seed for a named stream, such as `hashSeed(7, "mixup", step)`. */
export function hashSeed(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(parts.join("/"))) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

/** Opens a random stream that depends only on the given parts (sfc32 by Chris Doty-Humphrey, seeded by splitmix32). */
export function random(...parts: (string | number)[]): Random {
  const next = sfc32(hashSeed(...parts));
  const uniform = () => (next() * 0x200000 + (next() >>> 11)) / 2 ** 53;
  const integer = (bound: number) => Math.floor(uniform() * bound);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, integer, normal };
}

/** Numbers 0 to count - 1 in random order (Fisher and Yates). */
export function permutation(count: number, source: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = source.integer(last + 1);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}

function sfc32(seed: number): () => number {
  let state = seed;
  const split = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let a = split();
  let b = split();
  let c = split();
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}
