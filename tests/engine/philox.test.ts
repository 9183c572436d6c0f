import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { dropout, openEngine } from "../../lib/engine";
import { STATELESS_UNIFORM } from "../../lib/engine/kernel-names";
import { type Block, philox, statelessUniform } from "../../lib/engine/philox";
import { hasTensorFlow } from "./available";

/** Known answers of Random123, the authors' library (kat_vectors: philox4x32 10). */
const KNOWN: [Block, [number, number], Block][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

test.each(KNOWN)("Philox4x32-10 of %o by key %o is the authors' answer", (block, [key0, key1], answer) => {
  const given: Block = [...block];
  philox(given, key0, key1);
  expect(given).toEqual(answer);
});

const SEEDS = [
  [0, 0],
  [1, 2],
  [-5, 3],
  [123456789, 9],
  [-2147483648, 2147483647],
] as const;

test.skipIf(!hasTensorFlow)("the numbers are TensorFlow's to the last bit (needs TensorFlow's library)", async () => {
  const engine = await openEngine({ backend: "tensorflow" });
  for (const [seed, site] of SEEDS) {
    for (const size of [1, 7, 250_003]) {
      const uniform = (fed: tf.Tensor) =>
        tf.engine().runKernel<tf.Tensor>(STATELESS_UNIFORM, { seed: fed }, { shape: [size], site });
      const step = engine.jit((fed) => [uniform(fed as tf.Tensor)], { shape: [], dtype: "int32" });
      const [given] = await step(Int32Array.of(seed));
      expect(Buffer.compare(bytes(given as Float32Array), bytes(statelessUniform(size, seed, site)))).toBe(0);
    }
  }
  engine.dispose();
});

test.each(["cpu", "wasm"] as const)("dropout on %s drops about the rate and keeps the mean", async (backend) => {
  const engine = await openEngine({ backend });
  const step = engine.jit(
    (x, seed) => [dropout(x as tf.Tensor, 0.3, seed as tf.Tensor, 4)],
    { shape: [100, 100] },
    SCALAR,
  );
  const [first, again, other] = await Promise.all(
    [1, 1, 2].map(
      async (seed) => (await step(new Float32Array(10_000).fill(1), Int32Array.of(seed)))[0] as Float32Array,
    ),
  );
  expect(first?.filter((value) => value === 0).length).toBeGreaterThan(2800);
  expect(first?.filter((value) => value === 0).length).toBeLessThan(3200);
  expect(first?.reduce((sum, value) => sum + value / 10_000, 0)).toBeCloseTo(1, 1);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  engine.dispose();
});

const SCALAR = { shape: [], dtype: "int32" as const };

function bytes({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
