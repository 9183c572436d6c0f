/** The float32 value of every half (IEEE 754 binary16), indexed by its bits. */
const VALUES = Float32Array.from({ length: 65_536 }, (_, bits) => fromFloat16Bits(bits));

/**
 * Indexed by sign and exponent of a float32, the upper 9 bits: where halves of that size begin, what its mantissa is
 * added to, and how far it is shifted.
 */
const BASE = new Uint16Array(512);
const IMPLICIT = new Uint32Array(512);
const SHIFT = new Uint8Array(512).fill(24);

for (let index = 0; index < 512; index++) {
  const sign = (index >> 8) << 15;
  const exponent = (index & 255) - 127;
  BASE[index] = sign;
  if (exponent > 15) BASE[index] = sign | 0x7c00;
  else if (exponent >= -25) IMPLICIT[index] = 0x800000;
  if (exponent >= -14 && exponent <= 15) BASE[index] = sign | ((exponent + 14) << 10);
  if (exponent >= -25 && exponent <= 15) SHIFT[index] = exponent >= -14 ? 13 : -1 - exponent;
}

/**
 * Rounds float32 to float16, to nearest, ties to even: values out of range become infinite, NaN stays NaN. Node 22 has
 * no Float16Array, so this uses tables after J. van der Zijp, "Fast Half Float Conversions", with rounding.
 * @param target receives the bits, from `at` on
 */
export function toFloat16(values: Float32Array, target: Uint16Array, at = 0): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let place = 0; place < bits.length; place++) target[at + place] = toFloat16Bits(bits[place]!);
}

/**
 * Rounds float32 to bfloat16, its upper half, to nearest, ties to even; NaN stays NaN.
 * @param target receives the bits
 */
export function toBfloat16(values: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let place = 0; place < bits.length; place++) {
    const value = bits[place]!;
    const isNumber = (value & 0x7fffffff) <= 0x7f800000;
    target[place] = isNumber ? (value + 0x7fff + ((value >>> 16) & 1)) >>> 16 : (value >>> 16) | 0x40;
  }
}

/**
 * Converts halves to float32.
 * @param target receives the values, from `at` on
 */
export function fromFloat16(halves: Uint16Array, target: Float32Array, at = 0): void {
  for (let place = 0; place < halves.length; place++) target[at + place] = VALUES[halves[place]!]!;
}

function toFloat16Bits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x8000) | 0x7e00;
  const index = bits >>> 23;
  const shift = SHIFT[index]!;
  const mantissa = (bits & 0x7fffff) + IMPLICIT[index]!;
  const half = (1 << (shift - 1)) - 1 + ((mantissa >>> shift) & 1);
  return BASE[index]! + ((mantissa + half) >>> shift);
}

/** IEEE 754: sign, 5 bits of exponent, 10 of mantissa. */
function fromFloat16Bits(bits: number): number {
  const size = sizeOf((bits >> 10) & 31, bits & 1023);
  return bits >= 0x8000 ? -size : size;
}

function sizeOf(exponent: number, mantissa: number): number {
  if (exponent === 0) return mantissa * 2 ** -24;
  if (exponent < 31) return (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return mantissa === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
}
