import { afterAll, expect, test } from "vitest";
import { type Engine, openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import { hasTensorFlow } from "../engine/available";
import { planted } from "./planted";

const engines: Engine[] = [];
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

/** Losses of five steps without dropout, whose numbers XLA draws otherwise. */
async function losses(xla: boolean): Promise<number[]> {
  const engine = await openEngine({ backend: "tensorflow", xla });
  engines.push(engine);
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 2 });
  const pipeline = new TrainingPipeline({ model, engine, data: planted(), dropoutScale: 0 });
  const found: number[] = [];
  for await (const event of pipeline.events({ numEpochs: 1 })) {
    if (event.kind === "step") found.push(event.pair, event.ctr, event.auxiliary);
    if (found.length === 15) break;
  }
  pipeline.dispose();
  return found;
}

test.skipIf(!hasTensorFlow)("steps that XLA compiled lose as much as others (needs TensorFlow's library)", async () => {
  const compiled = await losses(true);
  const plain = await losses(false);
  for (const [index, loss] of compiled.entries())
    expect(Math.abs(loss - (plain[index] as number)), `value ${index}`).toBeLessThan(1e-5);
  expect(compiled).not.toEqual(plain);
});
