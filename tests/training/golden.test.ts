import type * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, test } from "vitest";
import type { Engine } from "../../lib/engine";
import { EVALUATION, mapWeights, splitWeights, type Weights } from "../../lib/model";
import { average, updateBatchNorm, type WeightAverage } from "../../lib/training/finish";
import type { StepValues } from "../../lib/training/records";
import { lossesAndGradients, type StepSetting } from "../../lib/training/step";
import { compileSteps, feed, runSteps } from "../../lib/training/step-runner";
import { readVariables, writeVariables } from "../../lib/training/variables";
import { BACKENDS, engineOf, named } from "./engines";
import {
  batchOf,
  distance,
  type Full,
  type GoldenBatch,
  golden,
  goldenSetting,
  goldenWorld,
  pairsOf,
  readMoments,
  type Tiny,
} from "./golden";

const TOLERANCE = 1e-5;
/** A bias common to winner and loser has no gradient but rounding noise, which Adam scales up to whole steps. */
const CANCELLED = "pairwise.6.bias";
const tiny = golden<Tiny>("tiny");
const full = golden<Full>("full");
const tinyWorld = () => goldenWorld({ clipDim: 12, textDim: 6, hiddenDim: 16 }, 14, 3);
const fullWorld = goldenWorld({ clipDim: 768, textDim: 384, hiddenDim: 512 }, 10, 0.0625);

for (const backend of BACKENDS) {
  const engine = await engineOf(backend);
  describe.skipIf(engine === null)(`PyTorch agrees to 1e-5 with ${named(backend)} on`, () => {
    const on = engine as Engine;
    afterAll(() => on?.dispose());

    test("the forward pass in evaluation mode", async () => {
      await expectOutputs(await evaluation(goldenSetting(on, tinyWorld())), tiny.evaluation);
    });

    test("the forward pass in training mode and BatchNorm's statistics after it", async () => {
      const setting = goldenSetting(on, tinyWorld());
      await expectOutputs(await inTraining(setting, tiny.batch, 0), tiny.trainingMode.output);
      await expectWeights(setting, tiny.trainingMode.running);
    });

    test("losses and gradients of all weights, with mixup, label smoothing and pair weights", async () => {
      const setting = goldenSetting(on, tinyWorld());
      const { losses, gradients } = await backward(setting, tiny.batch, 0);
      expect(distance(losses, tiny.losses)).toBeLessThan(TOLERANCE);
      for (const [name, expected] of Object.entries(tiny.gradients))
        expect(distance(gradients[name] as Float32Array, expected), name).toBeLessThan(TOLERANCE);
      expect(new Set(Object.keys(gradients))).toEqual(new Set(Object.keys(tiny.gradients)));
    });

    test("gradients of weighted losses: each term's times its weight, and none of a term of weight 0", async () => {
      const none = { pairLossWeight: 0, ctrLossWeight: 0, auxiliaryLossWeight: 0 };
      const gradientsWith = async (weights: Partial<typeof none>) =>
        (await backward(goldenSetting(on, tinyWorld(), { ...none, ...weights }), tiny.batch, 0)).gradients;
      const pair = await gradientsWith({ pairLossWeight: 1 });
      const ctr = await gradientsWith({ ctrLossWeight: 1 });
      const auxiliary = await gradientsWith({ auxiliaryLossWeight: 1 });
      const weighted = await gradientsWith({ pairLossWeight: 2, auxiliaryLossWeight: 0.5 });
      for (const [name, all] of Object.entries(tiny.gradients)) {
        const term = (gradients: Record<string, Float32Array>, index: number) => gradients[name]?.[index] ?? Number.NaN;
        const terms = all.map((_, index) => [term(pair, index), term(ctr, index), term(auxiliary, index)] as const);
        const sum = terms.map(([a, b, c]) => a + b + c);
        expect(distance(sum, all), name).toBeLessThan(TOLERANCE);
        const expected = terms.map(([a, , c]) => 2 * a + 0.5 * c);
        expect(distance(weighted[name] ?? [], expected), name).toBeLessThan(TOLERANCE);
        if (name.startsWith("ctr.")) expect(distance(weighted[name] ?? [], new Float32Array(all.length)), name).toBe(0);
      }
    });

    test("the same with dropout, whose masks are the same random numbers", async () => {
      const { seed, ...expected } = tiny.dropout;
      const setting = goldenSetting(on, tinyWorld(), { dropoutScale: 1 });
      const { losses, gradients } = await backward(setting, tiny.batch, seed);
      expect(distance(losses, expected.losses)).toBeLessThan(TOLERANCE);
      for (const [name, values] of Object.entries(expected.gradients))
        expect(distance(gradients[name] as Float32Array, values), name).toBeLessThan(TOLERANCE);
      const again = goldenSetting(on, tinyWorld(), { dropoutScale: 1 });
      await expectOutputs(await inTraining(again, tiny.batch, seed), expected.output);
      await expectWeights(again, expected.running);
    });

    test("five AdamW steps with clipping, SWA of the last three, and its BatchNorm update", async () => {
      const { steps, weights, swa, swaFrom, adamM, adamV, ...options } = tiny.training;
      const setting = goldenSetting(on, tinyWorld(), { ...options, batchSize: 8 });
      const step = compileSteps(setting, 8);
      let averaged: WeightAverage = { count: 0, weights: {} };
      for (const [index, { batch, losses, gradNorm }] of steps.entries()) {
        const [values] = (await runSteps(step, [batchOf(batch)], setting, index)) as [StepValues];
        expect(distance([values.pair, values.ctr, values.auxiliary], losses)).toBeLessThan(TOLERANCE);
        expect(Math.abs(values.gradNorm - gradNorm)).toBeLessThan(TOLERANCE);
        if (index >= swaFrom) averaged = average(averaged, await readVariables(setting, setting.variables.parameters));
      }
      await expectWeights(setting, weights);
      for (const slot of ["m", "v"] as const) await expectMoments(setting, slot, slot === "m" ? adamM : adamV);
      writeVariables(
        setting,
        setting.variables.parameters,
        mapWeights(averaged.weights, (values, name) => {
          return /running/.test(name) ? values.fill(9) : values;
        }),
      );
      const pairs = pairsOf(steps.map(({ batch }) => batch));
      await updateBatchNorm(setting, pairs, Int32Array.from(pairs.winners.keys()));
      await expectWeights(setting, swa);
    });

    test("the full size: outputs, losses, every gradient's norm and some of its entries", async () => {
      const setting = goldenSetting(on, fullWorld);
      await expectOutputs(await evaluation(setting), full.evaluation);
      const { losses, gradients } = await backward(setting, full.batch, 0);
      expect(distance(losses, full.losses)).toBeLessThan(TOLERANCE);
      for (const [name, { norm, entries }] of Object.entries(full.gradients)) {
        const found = gradients[name] as Float32Array;
        expect(Math.sqrt(found.reduce((sum, value) => sum + value * value, 0)), name).toBeCloseTo(norm, 5);
        const places = entries.map((_, at) => found[Math.floor((at * found.length) / 7)] as number);
        expect(distance(places, entries), name).toBeLessThan(TOLERANCE);
      }
      const again = goldenSetting(on, fullWorld);
      await expectOutputs(await inTraining(again, full.batch, 0), full.trainingMode.output);
      await expectWeights(again, full.trainingMode.running);
    });
  });
}

async function evaluation({ engine, model, variables }: StepSetting) {
  const pass = engine.jit(() =>
    Object.values(model.forward(variables.parameters, variables.features as tf.Tensor as tf.Tensor2D, EVALUATION)),
  );
  return pass();
}

async function inTraining({ engine, model, variables, options }: StepSetting, { rows }: GoldenBatch, seed: number) {
  const { dropoutScale } = options;
  const pass = engine.jit(
    (at, fed) => {
      const x = (variables.features as tf.Tensor).gather(at as tf.Tensor1D) as tf.Tensor2D;
      const mode = { training: true, seed: fed as tf.Scalar, dropoutScale } as const;
      return Object.values(model.forward(variables.parameters, x, mode));
    },
    { shape: [rows.length], dtype: "int32" },
    { shape: [], dtype: "int32" },
  );
  return pass(Int32Array.from(rows), Int32Array.of(seed));
}

async function backward(setting: StepSetting, batch: GoldenBatch, seed: number) {
  const fed = feed(batchOf(batch, seed));
  const pass = setting.engine.jit(
    (rows, partners, pairWeights, lambda, dropoutSeed) => {
      const tensors = { rows, partners, pairWeights, lambda, dropoutSeed } as Parameters<typeof lossesAndGradients>[1];
      const { losses, gradients } = lossesAndGradients(setting, tensors);
      return [losses, ...gradients];
    },
    ...fed.map((values, at) => ({
      shape: at < 3 ? [values.length] : [],
      dtype: values instanceof Int32Array ? ("int32" as const) : ("float32" as const),
    })),
  );
  const [losses, ...gradients] = await pass(...fed);
  const layout = setting.model.layout.filter(({ trainable }) => trainable);
  const held = layout.map(({ name, shape }, at) => [name, { shape, values: gradients[at] }]);
  const named = Object.entries(splitWeights(layout, Object.fromEntries(held) as Weights));
  return {
    losses: losses as Float32Array,
    gradients: Object.fromEntries(named.map(([name, { values }]) => [name, values])),
  };
}

async function expectOutputs(found: Float32Array[], expected: Tiny["evaluation"]) {
  for (const [at, name] of (["scores", "ctr", "auxiliary"] as const).entries())
    expect(distance(found[at] as Float32Array, expected[name]), name).toBeLessThan(TOLERANCE);
}

async function expectWeights(setting: StepSetting, expected: Record<string, number[]>) {
  const found = await readVariables(setting, setting.variables.parameters);
  for (const [name, values] of Object.entries(expected))
    if (name !== CANCELLED) expect(distance(found[name]?.values as Float32Array, values), name).toBeLessThan(TOLERANCE);
}

async function expectMoments(setting: StepSetting, slot: "m" | "v", expected: Record<string, number[]>) {
  const moments = await readMoments(setting, slot);
  for (const [name, values] of Object.entries(expected)) {
    const found = moments[name]?.values;
    const scale = Math.max(1e-6, ...values.map(Math.abs));
    expect(distance(found as Float32Array, values) / scale, `${slot} of ${name}`).toBeLessThan(1e-4);
  }
}
