import { duration } from "../base";
import type { Engine } from "../engine";
import type { StepRecord } from "./records";

/** Number of steps to measure, after the first, which also warms up. */
const MEASURED = 5;

/**
 * Reports once, after a few steps of a training on the wasm backend, how long the whole training will take. Compared
 * with TensorFlow's library, wasm took 34 times as long at batch 16, and longer at larger ones (docs/PERFORMANCE.md).
 * @param now clock in ms
 */
export function forecaster(
  engine: Pick<Engine, "name" | "fallbackReason">,
  numEpochs: number,
  now: () => number,
): (step: StepRecord) => string | null {
  let first: { globalStep: number; at: number } | null = null;
  let isForecast = engine.name !== "wasm";
  return ({ globalStep, stepsPerEpoch }) => {
    first ??= { globalStep, at: now() };
    const steps = globalStep - first.globalStep;
    const left = numEpochs * stepsPerEpoch - globalStep;
    if (isForecast || steps < MEASURED || left <= 0) return null;
    isForecast = true;
    return formatForecast(engine, ((now() - first.at) / steps) * left, left);
  };
}

function formatForecast({ fallbackReason }: Pick<Engine, "fallbackReason">, leftMs: number, steps: number): string {
  const how = fallbackReason === undefined ? "take `--backend auto`, or `openEngine()`" : "run `npm run setup`";
  return `on the wasm backend the ${steps} steps to come will take about ${duration(leftMs)}; with TensorFlow's library about 30 times less: ${how}`;
}
