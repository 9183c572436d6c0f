import type * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { applyAdamW, openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const SIZE = 50;
const STEPS = 40;
const RATE = 1e-2;
const DECAY = 0.05;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

const source = random("adamw");
const start = Float32Array.from({ length: SIZE }, () => source.normal());
/** From 1e-9 to 1: the small ones are those that epsilon shows in. */
const gradients = Array.from({ length: STEPS }, () =>
  Float32Array.from({ length: SIZE }, (_, index) => source.normal() * 10 ** (-index % 10)),
);

/** torch.optim.AdamW in double precision, number by number. */
function naive(): number[] {
  return Array.from(start, (initial, index) => {
    let p = initial;
    let m = 0;
    let v = 0;
    for (let t = 1; t <= STEPS; t++) {
      const g = gradients[t - 1]?.[index] as number;
      p -= RATE * DECAY * p;
      m = BETA1 * m + (1 - BETA1) * g;
      v = BETA2 * v + (1 - BETA2) * g * g;
      p -= ((RATE / (1 - BETA1 ** t)) * m) / (Math.sqrt(v) / Math.sqrt(1 - BETA2 ** t) + EPSILON);
    }
    return p;
  });
}

async function run(backend: "tensorflow" | "wasm" | "cpu"): Promise<void> {
  const engine = await openEngine({ backend });
  const slot = () => engine.variable(new Float32Array(SIZE), [SIZE], { trainable: false });
  const variable = engine.variable(start, [SIZE]);
  const slots = { m: slot(), v: slot() };
  const step = engine.jit(
    (gradient, hyper) => {
      applyAdamW(variable, slots, gradient as tf.Tensor, hyper as tf.Tensor);
      return [];
    },
    { shape: [SIZE] },
    { shape: [4] },
  );
  for (const [index, gradient] of gradients.entries())
    await step(gradient, Float32Array.of(RATE, DECAY, BETA1 ** (index + 1), BETA2 ** (index + 1)));
  const [values] = await engine.read([variable]);
  const truth = naive();
  expect(
    Math.max(...Array.from(values as Float32Array, (value, index) => Math.abs(value - (truth[index] as number)))),
  ).toBeLessThan(2e-5);
  engine.dispose();
}

test.each(["wasm", "cpu"] as const)("AdamW on %s equals torch's formula in double precision", run);

test.skipIf(!hasTensorFlow)(
  "compiled AdamW equals torch's formula in double precision (needs TensorFlow's library)",
  () => run("tensorflow"),
);
