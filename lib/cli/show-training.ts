import type { RunEvent, RunResult, TrainingPipeline } from "../runs";
import { type CommonFlags, print, say } from "./context";
import { progressBar } from "./progress";

/** Shows a run as it progresses: the guide's console lines, one bar over all steps, and notices. */
export async function showTraining(
  run: AsyncGenerator<RunEvent, RunResult | null>,
  { options, stepsPerEpoch }: Pick<TrainingPipeline, "options" | "stepsPerEpoch">,
  flags: CommonFlags,
): Promise<RunResult | null> {
  const { guideLine, isGuideEpoch } = await import("../runs");
  const line = flags.json ? say : print;
  const bar = progressBar();
  const total = options.epochs * stepsPerEpoch;
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
    if (value.kind === "step") bar({ stage: "train", done: value.globalStep, total });
    else if (value.kind === "epoch" && isGuideEpoch(value, options.epochs)) line(guideLine(value));
    else if (value.kind === "notice") say(value.message);
  }
}

/** What `train --json` prints. */
export function toSummary({ plain, swa, trained }: RunResult): Record<string, unknown> {
  return { trained, plain, swa };
}

/** Formats the metrics of the last weights and of the averaged ones, and the path of the result. */
export function resultText({ plain, swa, trained }: RunResult): string {
  const show = ({ valAuc, valCorr }: RunResult["plain"]) =>
    `Val AUC=${valAuc?.toFixed(4) ?? "n/a"}, Val Corr=${valCorr?.toFixed(4) ?? "n/a"}`;
  const averaged = swa === null ? [] : [`averaged weights (SWA): ${show(swa)}`];
  return [`last weights: ${show(plain)}`, ...averaged, `trained weights: ${trained}`].join("\n");
}
