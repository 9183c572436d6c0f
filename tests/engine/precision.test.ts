import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { type Engine, openEngine, type Precision, SettingUnavailable, type TensorSpec } from "../../lib/engine";
import { countElements } from "../../lib/engine/inputs";
import { hasTensorFlow } from "./available";
import { conv2d, conv2dGradients, matMul, type Product, roundTo, transposed } from "./naive-products";

/** Bits of the significand, the hidden one included. */
const BITS = { bfloat16: 8, float16: 11 } as const;
const ROWS = 5;
const INNER = 37;
const COLUMNS = 6;

interface Case {
  name: string;
  specs: TensorSpec[];
  run: (...inputs: tf.Tensor[]) => tf.Tensor[];
  /** The same of rounded factors, in float64. */
  naive: (...inputs: Float64Array[]) => Product[];
  /** Results that stay float32 where others are float16. */
  float32InHalf?: number[];
}

/** One rounding of the result, and at most one of float32 for each of its terms and their products. */
function isWithin(found: ArrayLike<number>, { values, magnitudes, terms }: Product, bits: number): boolean {
  return values.every((truth, at) => {
    const bound = 2 ** -bits * Math.abs(truth) + 2 * terms * 2 ** -24 * (magnitudes[at] as number);
    return Math.abs((found[at] as number) - truth) <= bound;
  });
}

const grads = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) => (a: tf.Tensor, b: tf.Tensor, dy: tf.Tensor) => [
  f(a, b),
  ...tf.grads((...both) => f(both[0] as tf.Tensor, both[1] as tf.Tensor))([a, b], dy),
];
const a = { shape: [ROWS, INNER] };
const b = { shape: [INNER, COLUMNS] };
const dy = { shape: [ROWS, COLUMNS] };
const conv = { size: 7, channels: 3, filter: 3, out: 4, stride: 2, places: 3 };

const CASES: Case[] = [
  {
    name: "a product of matrices and its gradients",
    specs: [a, b, dy],
    run: grads((x, y) => tf.matMul(x, y)) as Case["run"],
    naive: (x, y, g) => [
      matMul(x as Float64Array, y as Float64Array, [ROWS, INNER, COLUMNS]),
      matMul(g as Float64Array, transposed(y as Float64Array, COLUMNS), [ROWS, COLUMNS, INNER]),
      matMul(transposed(x as Float64Array, INNER), g as Float64Array, [INNER, ROWS, COLUMNS]),
    ],
  },
  {
    name: "a batch of products",
    specs: [{ shape: [1, ROWS, INNER] }, { shape: [1, INNER, COLUMNS] }],
    run: (x, y) => [tf.matMul(x as tf.Tensor, y as tf.Tensor)],
    naive: (x, y) => [matMul(x as Float64Array, y as Float64Array, [ROWS, INNER, COLUMNS])],
  },
  {
    name: "einsum",
    float32InHalf: [0],
    specs: [a, b],
    run: (x, y) => [tf.einsum("ij,jk->ik", x as tf.Tensor, y as tf.Tensor)],
    naive: (x, y) => [matMul(x as Float64Array, y as Float64Array, [ROWS, INNER, COLUMNS])],
  },
  {
    name: "a fused product",
    specs: [a, b],
    run: (x, y) => [tf.fused.matMul({ a: x as tf.Tensor2D, b: y as tf.Tensor2D, activation: "linear" })],
    naive: (x, y) => [matMul(x as Float64Array, y as Float64Array, [ROWS, INNER, COLUMNS])],
  },
  {
    name: "a convolution and its gradients",
    float32InHalf: [1, 2],
    specs: [
      { shape: [1, conv.size, conv.size, conv.channels] },
      { shape: [conv.filter, conv.filter, conv.channels, conv.out] },
      { shape: [1, conv.places, conv.places, conv.out] },
    ],
    run: grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, conv.stride, "valid")) as Case["run"],
    naive: (x, w, g) => [
      conv2d(x as Float64Array, w as Float64Array, conv),
      ...conv2dGradients(x as Float64Array, w as Float64Array, g as Float64Array, conv),
    ],
  },
];

for (const precision of ["bfloat16", "float16"] as const) {
  const opened = hasTensorFlow ? await engineOf(precision) : null;

  describe.skipIf(opened === null)(
    `${precision} products (needs TensorFlow's library and a processor for them)`,
    () => {
      const engine = opened as Engine;
      afterAll(() => engine.dispose());

      test.each(CASES)(
        "$name: of rounded factors, summed in float32, rounded once",
        async ({ specs, run, naive, name, float32InHalf = [] }) => {
          const source = random("precision", name);
          const inputs = specs.map(({ shape }) =>
            Float32Array.from({ length: countElements(shape as number[]) }, () => source.normal()),
          );
          const found = await engine.jit(run, ...specs)(...inputs);
          const [exact, rounded] = [24, BITS[precision]].map((bits) =>
            naive(...inputs.map((values) => Float64Array.from(values, (x) => roundTo(bits, x)))),
          ) as [Product[], Product[]];
          expect(found.length).toBe(exact.length);
          found.forEach((values, index) => {
            const stays = precision === "float16" && float32InHalf.includes(index);
            const expected = (stays ? exact : rounded)[index] as Product;
            const bits = stays ? 24 : BITS[precision];
            expect(isWithin(values, expected, bits), `result ${index}`).toBe(true);
            // Factors of the other precision would not do.
            const other = (stays ? rounded : exact)[index] as Product;
            expect(isWithin(other.values, expected, bits), `result ${index} of other factors`).toBe(false);
          });
        },
      );

      test("everything else is float32", async () => {
        const step = engine.jit((x) => [x.mul(1 / 3), x.sum(), x.square().sum()], { shape: [3] });
        const inputs = Float32Array.of(1 + 2 ** -20, 1e-3, 7);
        const [thirds, sum] = await step(inputs);
        expect([...(thirds ?? [])]).toEqual([...inputs].map((value) => Math.fround(value * Math.fround(1 / 3))));
        expect(sum?.[0]).toBeCloseTo(8 + 2 ** -20 + 1e-3, 6);
      });
    },
  );
}

/** null where this machine's products of that precision are refused. */
async function engineOf(precision: Precision): Promise<Engine | null> {
  return openEngine({ backend: "tensorflow", precision }).catch((failure: unknown) => {
    if (failure instanceof SettingUnavailable) return null;
    throw failure;
  });
}
