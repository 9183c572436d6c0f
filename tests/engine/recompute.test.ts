import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { applyAdamW, type Engine, inMicroBatches, openEngine, recompute, updateEarly } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const WIDTH = 8;
const ROWS = 12;
const BLOCKS = 3;
const source = random("recompute");
const normal = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * source.normal());
const FIRST = Array.from({ length: BLOCKS }, () => [normal(WIDTH * WIDTH, 0.4), normal(WIDTH, 0.1)] as const);
const X = normal(ROWS * WIDTH, 1);
const HYPER = Float32Array.of(0.01, 0.1, 0.9, 0.999);

/** A residual block: x + tanh(x W + b). */
const block = (x: tf.Tensor2D, [weight, bias]: tf.Variable[]): tf.Tensor2D =>
  tf.add(x, tf.tanh(tf.add(tf.matMul(x, weight as unknown as tf.Tensor2D), bias as tf.Tensor)));

const weightsIn = (engine: Engine) =>
  FIRST.map(([weight, bias]) => [engine.variable(weight, [WIDTH, WIDTH]), engine.variable(bias, [WIDTH])]);

/** Sums differ with position, so that rows have different gradients. */
const lossOf = (y: tf.Tensor2D): tf.Scalar => tf.mean(tf.square(tf.cumsum(y))) as tf.Scalar;

type Forward = (x: tf.Tensor2D, weights: tf.Variable[][]) => tf.Tensor2D;

const plainly: Forward = (x, weights) => weights.reduce(block, x);
const recomputing: Forward = (x, weights) =>
  weights.reduce((hidden, own) => recompute((input) => block(input, own), hidden, own), x);
const inPieces =
  (rows: number): Forward =>
  (x, weights) =>
    inMicroBatches((input) => plainly(input, weights), x, rows, weights.flat());
const inRecomputingPieces: Forward = (x, weights) =>
  inMicroBatches((input) => recomputing(input, weights), x, 4, weights.flat());

/** The loss, and the gradients of x and of all weights. */
async function gradientsOf(engine: Engine, forward: Forward): Promise<Float32Array[]> {
  const weights = weightsIn(engine);
  const step = engine.jit(
    (x) => {
      const loss = (...[input]: tf.Tensor[]) => lossOf(forward(input as tf.Tensor2D, weights));
      const { value, grads } = tf.valueAndGrads(loss)([x as tf.Tensor, ...weights.flat()]);
      return [value, ...grads];
    },
    { shape: [ROWS, WIDTH] },
  );
  return step(X);
}

type Updates = "after the step" | "early" | "in the backward pass";

/** Weights and moments after two steps. */
async function trained(engine: Engine, updates: Updates): Promise<Float32Array[]> {
  const weights = weightsIn(engine);
  const zeros = ({ shape }: tf.Variable) =>
    engine.variable(new Float32Array(tf.util.sizeFromShape(shape)), shape, { trainable: false });
  const slots = weights.map((own) => own.map((each) => ({ m: zeros(each), v: zeros(each) })));
  const step = engine.jit(
    (...inputs) => {
      const [x, hyper] = inputs as [tf.Tensor2D, tf.Tensor];
      const update = (number: number) => (gradients: tf.Tensor[]) => {
        for (const [index, gradient] of gradients.entries()) {
          const slot = slots[number]?.[index];
          const weight = weights[number]?.[index];
          if (weight && slot) applyAdamW(weight, slot, gradient, hyper);
        }
      };
      const forward = (hidden: tf.Tensor2D, own: tf.Variable[], number: number) =>
        recompute(
          (input) => block(input, own),
          hidden,
          own,
          updates === "in the backward pass" ? update(number) : undefined,
        );
      const loss = () => lossOf(weights.reduce(forward, x));
      const { value, grads } = tf.valueAndGrads(loss)(weights.flat());
      const all = () => {
        for (const number of weights.keys()) update(number)(grads.slice(2 * number, 2 * number + 2));
      };
      if (updates === "early") updateEarly(all);
      if (updates === "after the step") all();
      return [value];
    },
    { shape: [ROWS, WIDTH] },
    { shape: [4] },
  );
  await step(X, HYPER);
  const losses = await step(X, HYPER);
  return [...losses, ...(await engine.read([...weights.flat(), ...slots.flat().flatMap(({ m, v }) => [m, v])]))];
}

const ENGINES = ["cpu", "wasm", ...(hasTensorFlow ? (["tensorflow"] as const) : [])] as const;

describe.each(ENGINES)("on %s", (backend) => {
  const on = async <Result>(code: (engine: Engine) => Promise<Result>): Promise<Result> => {
    const engine = await openEngine({ backend });
    try {
      return await code(engine);
    } finally {
      engine.dispose();
    }
  };

  test("blocks recomputed in the backward pass have the same gradients to the bit", async () => {
    const kept = await on((engine) => gradientsOf(engine, plainly));
    expect(await on((engine) => gradientsOf(engine, recomputing))).toEqual(kept);
    expect(kept.every((values) => values.some((value) => value !== 0))).toBe(true);
  });

  test.each([
    ["equal pieces", inPieces(4)],
    ["a shorter last piece", inPieces(5)],
    ["one piece", inPieces(ROWS)],
    ["pieces whose blocks are recomputed too", inRecomputingPieces],
  ])("the gradients of a batch in %s are those of the whole batch", async (_, forward) => {
    const whole = await on((engine) => gradientsOf(engine, plainly));
    const pieces = await on((engine) => gradientsOf(engine, forward));
    for (const [index, values] of whole.entries()) {
      const largest = Math.max(...values.map(Math.abs));
      for (const [place, value] of values.entries())
        expect(Math.abs((pieces[index]?.[place] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-6 * largest);
    }
  });

  test.each<Updates>(["early", "in the backward pass"])(
    "updates %s give the weights and moments of updates after the step, to the bit",
    async (updates) => {
      const late = await on((engine) => trained(engine, "after the step"));
      expect(await on((engine) => trained(engine, updates))).toEqual(late);
    },
  );
});
