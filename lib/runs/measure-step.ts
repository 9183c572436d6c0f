import type { Trainer } from "../training";

/** Steps that are measured, after one that also warms up. */
const MEASURED_STEPS = 2;

/**
 * Measures a step of a training, which is afterwards where it was, to the bit.
 * @returns milliseconds
 */
export async function measureStep(pipeline: Trainer): Promise<number> {
  const before = await pipeline.state();
  const times: number[] = [];
  let began = performance.now();
  for await (const event of pipeline.events({ numEpochs: before.progress.epoch + 1 })) {
    if (event.kind === "step") times.push(performance.now() - began);
    if (event.kind !== "step" || times.length > MEASURED_STEPS) break;
    began = performance.now();
  }
  pipeline.restore(before);
  return Math.min(...times);
}
