import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { Engine } from "../../lib/engine";
import type { WeightArray } from "../../lib/model/architecture";
import type { StepValues } from "../../lib/training/records";
import type { StepSetting } from "../../lib/training/step";
import { compileSteps, runSteps } from "../../lib/training/step-runner";
import { readVariables } from "../../lib/training/variables";
import { BACKENDS, engineOf, named } from "./engines";
import { batchOf, distance, type Fifty, golden, goldenSetting, goldenWorld, noise, readMoments } from "./golden";

/** Masks of make_fifty.py in place of the engine's: nothing of this depends on how the engine draws. */
vi.mock("../../lib/engine/dropout", () => ({
  dropout: (x: tf.Tensor2D, rate: number, step: tf.Tensor, ...sites: number[]) => {
    const shape = [x.shape[0], x.shape[1] / sites.length];
    const numbers = sites.map((site) => maskNumbers(shape, step, site));
    const kept = tf.cast(tf.greaterEqual(tf.concat(numbers, 1), rate), "float32");
    return tf.div(tf.mul(x, kept), 1 - rate);
  },
}));

/** A bias common to winner and loser has no gradient but rounding noise, which Adam scales up to whole steps. */
const CANCELLED = "pairwise.6.bias";
const RELATIVE = 1e-4;
const PRIME = 4093;
const fifty = golden<Fifty>("fifty");

/** `mask_numbers` of make_fifty.py; every intermediate is a whole number that float32 holds. */
function maskNumbers(shape: number[], step: tf.Tensor, site: number): tf.Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const base = noise(`mask ${site}`, count, fifty.world).map((value) => 1 + Math.floor(((value + 1) / 2) * PRIME));
  const product = tf.mul(tf.tensor(Float32Array.from(base), shape), tf.add(tf.cast(step, "float32"), 1));
  return tf.div(tf.sub(product, tf.mul(PRIME, tf.floor(tf.div(product, PRIME)))), PRIME);
}

function settingOn(engine: Engine): StepSetting {
  const { clip, text, hidden, videos, scale } = fifty.sizes;
  const world = goldenWorld({ clipDim: clip, textDim: text, hiddenDim: hidden }, videos, scale, fifty.world);
  const { learningRate, weightDecay, maxGradientNorm } = fifty;
  return goldenSetting(engine, world, { dropoutScale: 1, learningRate, weightDecay, maxGradientNorm });
}

/** Losses and gradient norm of all steps. */
async function trainOn(setting: StepSetting): Promise<number[][]> {
  const step = compileSteps(setting, fifty.sizes.pairs);
  const found: number[][] = [];
  for (const [index, { batch }] of fifty.steps.entries()) {
    const [values] = await runSteps(step, [batchOf(batch, index)], setting, index);
    const { pair, ctr, auxiliary, gradNorm } = values as StepValues;
    found.push([pair, ctr, auxiliary, gradNorm]);
  }
  return found;
}

test("the golden steps are clipped here and there, and have learned", () => {
  const clipped = fifty.steps.filter(({ gradNorm }) => gradNorm > fifty.maxGradientNorm).length;
  expect([fifty.steps.length, clipped >= 10, clipped <= 40]).toEqual([50, true, true]);
  const before = goldenWorld({ clipDim: 24, textDim: 12, hiddenDim: 32 }, 16, 9, fifty.world).model.weights;
  const moved = distance(fifty.weights["ctr.8.weight"] as number[], before["ctr.8.weight"]?.values as Float32Array);
  expect(moved).toBeGreaterThan(0.001);
});

for (const backend of BACKENDS) {
  const engine = await engineOf(backend);
  describe.skipIf(engine === null)(`fifty whole steps agree with PyTorch to 1e-4 on ${named(backend)}`, () => {
    const on = engine as Engine;
    afterAll(() => on?.dispose());

    test("losses, gradient norms, weights, BatchNorm's statistics and moments", async () => {
      const setting = settingOn(on);
      for (const [step, found] of (await trainOn(setting)).entries()) {
        const { losses, gradNorm } = fifty.steps[step] as Fifty["steps"][number];
        for (const [at, expected] of [...losses, gradNorm].entries())
          expect(Math.abs((found[at] as number) / expected - 1), `value ${at} of step ${step}`).toBeLessThan(RELATIVE);
      }
      await expectWeights(setting);
      for (const slot of ["m", "v"] as const) await expectMoments(setting, slot);
    });
  });
}

/** Each relative to the largest of its tensor. */
async function expectWeights(setting: StepSetting): Promise<void> {
  const found = await readVariables(setting, setting.variables.parameters);
  expect(new Set(Object.keys(found))).toEqual(new Set(Object.keys(fifty.weights)));
  for (const [name, expected] of Object.entries(fifty.weights)) {
    if (name === CANCELLED) continue;
    const largest = Math.max(...expected.map(Math.abs));
    expect(distance(found[name]?.values as Float32Array, expected) / largest, name).toBeLessThan(RELATIVE);
  }
}

async function expectMoments(setting: StepSetting, slot: "m" | "v"): Promise<void> {
  const found = await readMoments(setting, slot);
  for (const [name, expected] of Object.entries(slot === "m" ? fifty.normsM : fifty.normsV)) {
    if (name === CANCELLED) continue;
    const { values } = found[name] as WeightArray;
    expect(Math.hypot(...values) / expected, `${slot} of ${name}`).toBeCloseTo(1, 3);
  }
}
