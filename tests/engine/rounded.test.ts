import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { type Engine, openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const source = random("rounded");
const X = Float32Array.from({ length: 6 * 8 }, () => source.normal());
const W = Float32Array.from({ length: 10 * 8 }, () => source.normal());

/** A product, the gradient of x through it, and the stored weights. */
async function results(engine: Engine, rounded: boolean): Promise<Float32Array[]> {
  const weight = engine.variable(W, [10, 8], { trainable: false, rounded });
  const step = engine.jit(
    (x) => {
      const product = (input: tf.Tensor) =>
        tf.matMul(input as tf.Tensor2D, weight as unknown as tf.Tensor2D, false, true);
      return [product(x as tf.Tensor), tf.grad((input) => tf.square(product(input)))(x as tf.Tensor)];
    },
    { shape: [6, 8] },
  );
  const computed = await step(X);
  return [...computed, ...(await engine.read([weight]))];
}

/** The upper half of a float32, rounded to nearest, ties to even, by arithmetic. */
function bfloat16(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
  const below = Math.floor(value / unit);
  const rest = value / unit - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (up ? below + 1 : below) * unit;
}

test.skipIf(!hasTensorFlow)(
  "weights stored in bfloat16 give the products of weights that each run rounds, to the bit (needs TensorFlow's library)",
  async () => {
    const engine = await openEngine({ backend: "tensorflow", precision: "bfloat16" }).catch(() => null);
    if (engine === null) return; // this processor has no bfloat16
    const [product, gradient] = await results(engine, false);
    const [roundedProduct, roundedGradient, stored] = await results(engine, true);
    expect(roundedProduct).toEqual(product);
    expect(roundedGradient).toEqual(gradient);
    expect(stored).toEqual(Float32Array.from(W, bfloat16));
    engine.dispose();
  },
);

test.each(["wasm", ...(hasTensorFlow ? (["tensorflow"] as const) : [])] as const)(
  "in float32 nothing is rounded, on %s",
  async (backend) => {
    const engine = await openEngine({ backend });
    expect(await results(engine, true)).toEqual(await results(engine, false));
    engine.dispose();
  },
);
