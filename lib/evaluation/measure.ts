import { readTrueAppeal } from "../dataset";
import type { EngineOptions } from "../engine";
import { adjustedScores, type FinishedRun, predictRun } from "../runs";
import { evaluate } from "./evaluate";
import type { EvaluationReport } from "./report";

/** Evaluates a finished run with its baselines, and with the AUC of the true appeal if the home holds the sample world. */
export async function measureRun(run: FinishedRun, options: EngineOptions = {}): Promise<EvaluationReport> {
  const { data, training } = run;
  const { scores, ctr } = await predictRun(run, options);
  const trueAppeal = await readTrueAppeal(run);
  const { channelOffsets: offsets } = run;
  const known = offsets && {
    scores: adjustedScores(data, scores, offsets),
    channels: new Set(offsets.channels.keys()),
  };
  return evaluate({
    data,
    scores,
    ctr,
    seed: training.seed,
    ...(trueAppeal && { trueAppeal }),
    ...(known && { known }),
  });
}
