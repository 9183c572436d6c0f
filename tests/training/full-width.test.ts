import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import type { StepRecord } from "../../lib/training";
import { hasTensorFlow } from "../engine/available";
import { planted } from "./planted";

const STEPS = 50;
const LOSS_TOLERANCE = 1e-4;
/** A hidden unit within rounding of zero counts on one side and not on the other; BatchNorm multiplies its gradient. */
const NORM_TOLERANCE = 5e-3;

/**
 * A quarter of the guide's learning rate: weights whose gradient is rounding noise go whole steps of Adam apart, which at
 * the guide's rate is 1.3e-4 of the CTR loss after 45 steps.
 */
const SETTINGS = { seed: 3, batchSize: 4, learningRate: 5e-6 };

/** Steps of the guide's model, dropout and mixup included. */
async function stepsOn(backend: "tensorflow" | "cpu"): Promise<StepRecord[]> {
  const engine = await openEngine({ backend });
  const data = planted({ perChannel: 28, imageDim: 768, textDim: 384 });
  // Longer than embeddings are: variances within a batch are then no smaller than BatchNorm's epsilon.
  const features = data.features.map((value) => value * 4);
  const model = new ThumbnailRankingModel({}, { seed: 3 });
  const pipeline = new TrainingPipeline({ model, engine, data: { ...data, features }, ...SETTINGS });
  const records: StepRecord[] = [];
  for await (const record of pipeline.events({ numEpochs: 1 })) {
    if (record.kind === "step") records.push(record);
    if (records.length === STEPS) break;
  }
  pipeline.dispose();
  engine.dispose();
  return records;
}

const withLibrary = hasTensorFlow ? test : test.skip;

withLibrary(
  "50 steps of the full width agree with tfjs's CPU backend to 1e-4 (needs TensorFlow's library)",
  async () => {
    const ours = await stepsOn("tensorflow");
    const truth = await stepsOn("cpu");
    expect([ours.length, truth.length]).toEqual([STEPS, STEPS]);
    for (const [step, expected] of truth.entries()) {
      const apart = (part: "pair" | "ctr" | "auxiliary" | "gradNorm") =>
        Math.abs((ours[step] as StepRecord)[part] / expected[part] - 1);
      for (const part of ["pair", "ctr", "auxiliary"] as const)
        expect(apart(part), `${part} of step ${step}`).toBeLessThan(LOSS_TOLERANCE);
      expect(apart("gradNorm"), `gradient norm of step ${step}`).toBeLessThan(NORM_TOLERANCE);
    }
  },
);
