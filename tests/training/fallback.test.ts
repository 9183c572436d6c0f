import { afterAll, expect, test } from "vitest";
import type { Engine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import type { StepRecord } from "../../lib/training";
import { engineOf, named } from "./engines";
import { planted } from "./planted";

/** At the guide's rate; dropout and mixup are on: the same random numbers must be drawn on both. */
const STEPS = 20;
/** Biases common to winner and loser, or taken out by BatchNorm: Adam makes whole steps of their gradients' rounding noise. */
const CANCELLED = ["pairwise.6.bias", "ctr.0.bias", "ctr.2.running_mean", "ctr.4.bias", "ctr.6.running_mean"];
const tensorflow = await engineOf("tensorflow");
const wasm = await engineOf("wasm");
afterAll(() => {
  tensorflow?.dispose();
  wasm?.dispose();
});

async function trained(engine: Engine | null) {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 4 });
  const data = planted();
  const pipeline = new TrainingPipeline({ model, engine: engine as Engine, data, swaStart: 1, lossesEvery: 1 });
  const steps: StepRecord[] = [];
  for await (const event of pipeline.events({ numEpochs: 9 })) {
    if (event.kind === "step") steps.push(event);
    if (steps.length === STEPS) break;
  }
  const { weights } = (await pipeline.state()).tensors;
  pipeline.dispose();
  return { steps, weights };
}

test.skipIf(tensorflow === null)(
  `wasm trains as ${named("tensorflow")}: losses, gradient norms and weights of 20 steps to 1e-4`,
  async () => {
    const compiled = await trained(tensorflow);
    const fallback = await trained(wasm);
    expect(fallback.steps.length).toBe(STEPS);
    for (const [at, step] of fallback.steps.entries())
      for (const value of ["pair", "ctr", "auxiliary", "total", "gradNorm"] as const) {
        const truth = compiled.steps[at]?.[value] as number;
        expect(Math.abs(step[value] - truth), `${value} of step ${at}`).toBeLessThan(
          1e-4 * Math.max(Math.abs(truth), 0.1),
        );
      }
    expect(fallback.steps[0]?.total).not.toBe(fallback.steps[STEPS - 1]?.total);
    for (const [name, { values }] of Object.entries(compiled.weights)) {
      if (CANCELLED.includes(name)) continue;
      const found = fallback.weights[name]?.values as Float32Array;
      const difference = Math.max(...values.map((value, at) => Math.abs(value - (found[at] as number))));
      expect(difference, name).toBeLessThan(1e-4);
    }
  },
);
