import type { Trainer } from "./trainer";

/**
 * Trains some steps and says how long each took, its batch included: steps of a burst count alike. The first is longer
 * where the step is compiled by it.
 * @returns milliseconds, [steps]
 */
export async function timeSteps(pipeline: Trainer, steps: number): Promise<number[]> {
  const times: number[] = [];
  let began = performance.now();
  let count = 0;
  for await (const event of pipeline.events({ numEpochs: Number.POSITIVE_INFINITY })) {
    if (event.kind === "step") {
      count++;
      if (event.globalStep < pipeline.position.globalStep) continue;
      times.push(...Array<number>(count).fill((performance.now() - began) / count));
      if (times.length >= steps) break;
    }
    [began, count] = [performance.now(), 0];
  }
  return times.slice(0, steps);
}
