const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

/** Four 32-bit numbers. */
export type Block = [number, number, number, number];

/** High 32 bits of the product of two unsigned 32-bit numbers. */
function highBits(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/** Overwrites a block with its Philox4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011. */
export function philox(block: Block, key0: number, key1: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b, c, d] = block;
    block[0] = (highBits(MULTIPLIERS[1], c) ^ b ^ key0) >>> 0;
    block[1] = Math.imul(MULTIPLIERS[1], c) >>> 0;
    block[2] = (highBits(MULTIPLIERS[0], a) ^ d ^ key1) >>> 0;
    block[3] = Math.imul(MULTIPLIERS[0], a) >>> 0;
    key0 = (key0 + WEYL[0]) >>> 0;
    key1 = (key1 + WEYL[1]) >>> 0;
  }
}

/** An int32 widened to 64 bits, as its low and high halves. */
function widened(seed: number): [number, number] {
  return [seed >>> 0, (seed | 0) < 0 ? 0xffffffff : 0];
}

/**
 * Uniform numbers in [0, 1), bit for bit those of TensorFlow's StatelessRandomUniform with seed [seed, site]
 * (tensorflow/core/kernels/stateless_random_ops.cc, GenerateKey; Uint32ToFloat of random_distributions.h).
 * @param count number of values
 * @param seed int32
 * @param site int32
 */
export function statelessUniform(count: number, seed: number, site: number): Float32Array {
  const mixed: Block = [...widened(seed), ...widened(site)];
  philox(mixed, 0x3ec8f720, 0x02461e29);
  const [key0, key1, counter2, counter3] = mixed;
  const bits = new Uint32Array(Math.ceil(count / 4) * 4);
  const block: Block = [0, 0, 0, 0];
  for (let group = 0; group * 4 < count; group++) {
    [block[0], block[1], block[2], block[3]] = [group, 0, counter2, counter3];
    philox(block, key0, key1);
    for (let lane = 0; lane < 4; lane++) bits[group * 4 + lane] = 0x3f800000 | (block[lane]! & 0x7fffff);
  }
  return new Float32Array(bits.buffer, 0, count).map((value) => value - 1);
}
