import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { fromFloat16, toFloat16 } from "../../lib/engine";

const HALVES = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
const floats = new Float32Array(HALVES.length);
fromFloat16(HALVES, floats);
const FINITE = 0x7c00;

const halvesOf = (values: Float32Array) => {
  const halves = new Uint16Array(values.length);
  toFloat16(values, halves);
  return halves;
};

/** By IEEE 754's definition: the multiple of the ulp nearest to the value, an even one of two. */
function naive(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  // log2 may round up just below a power of two.
  const ulp = 2 ** ((2 ** exponent > size && exponent > -14 ? exponent - 1 : exponent) - 10);
  const below = Math.floor(size / ulp);
  const rest = (size / ulp) % 1;
  const rounded = (below + Number(rest > 0.5 || (rest === 0.5 && below % 2 === 1))) * ulp;
  return rounded >= 65_520 ? sign | FINITE : sign | bitsOf(rounded);
}

/** Finite halves of one sign lie in the order of their bits. */
function bitsOf(value: number): number {
  let low = 0;
  let high = FINITE - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((floats[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return floats[low] === value ? low : FINITE;
}

test("each half has the value that IEEE 754 gives it, and comes back as it was; NaN stays NaN", () => {
  expect([0, 1, 0x3ff, 0x400, 0x3c00, 0x3555, 0x7bff, 0x7c00, 0xc000].map((bits) => floats[bits])).toEqual([
    0,
    2 ** -24,
    1023 * 2 ** -24,
    2 ** -14,
    1,
    1365 * 2 ** -12,
    65_504,
    Number.POSITIVE_INFINITY,
    -2,
  ]);
  expect(Object.is(floats[0x8000], -0)).toBe(true);
  const isNumber = (bits: number) => (bits & 0x7fff) <= FINITE;
  expect(floats.filter((value) => Number.isNaN(value))).toHaveLength(HALVES.filter((bits) => !isNumber(bits)).length);
  const back = halvesOf(floats);
  expect(HALVES.filter((bits, at) => isNumber(bits) && back[at] !== bits)).toEqual(new Uint16Array(0));
  expect(back.filter(isNumber)).toHaveLength(HALVES.filter(isNumber).length);
});

test("between two halves the nearest is taken, an even one in the middle, on either side of every half", () => {
  const view = new Float32Array(1);
  const bits = new Uint32Array(view.buffer);
  const step = (value: number, by: number) => {
    view[0] = value;
    bits[0] = (bits[0] as number) + by;
    return view[0] as number;
  };
  const near = Array.from(floats.subarray(0, FINITE - 1)).flatMap((value, at) => {
    const middle = (value + (floats[at + 1] as number)) / 2;
    return [middle, step(middle, 1), step(middle, -1), step(value, 1), -middle];
  });
  const values = Float32Array.from([...near, 65_519.996, 65_520, 65_536, 1e30, -1e30, 2 ** -25, 1e-40]);
  const wrong = halvesOf(values).findIndex((half, at) => half !== naive(values[at] as number));
  expect(wrong === -1 ? null : values[wrong]).toBeNull();
});

test("random bits of all sizes equal the naive rounding", () => {
  const source = random("float16");
  const bits = Uint32Array.from({ length: 200_000 }, () => Math.floor(source.uniform() * 2 ** 32));
  const values = new Float32Array(bits.buffer).filter((value) => !Number.isNaN(value));
  const wrong = halvesOf(values).findIndex((half, at) => half !== naive(values[at] as number));
  expect(wrong === -1 ? null : values[wrong]).toBeNull();
});

test("a part is written where it is asked for", () => {
  const target = new Uint16Array(4);
  toFloat16(Float32Array.of(9, 1, 2).subarray(1), target, 1);
  expect([...target]).toEqual([0, 0x3c00, 0x4000, 0]);
  const values = new Float32Array(4);
  fromFloat16(target.subarray(1, 3), values, 2);
  expect([...values]).toEqual([0, 0, 1, 2]);
});
