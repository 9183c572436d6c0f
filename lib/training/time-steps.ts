import type { TrainingPipeline } from "./pipeline";

/**
 * Trains some steps and says how long each took, its batch included. The first is longer where the step is compiled
 * by it.
 * @returns milliseconds, [steps]
 */
export async function timeSteps(pipeline: TrainingPipeline, steps: number): Promise<number[]> {
  const times: number[] = [];
  let began = performance.now();
  for await (const { kind } of pipeline.events({ numEpochs: Number.POSITIVE_INFINITY })) {
    if (kind === "step") times.push(performance.now() - began);
    if (times.length === steps) break;
    began = performance.now();
  }
  return times;
}
