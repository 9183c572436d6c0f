import type { TrainingOptions } from "../config";
import type { FoldEvent, FoldResult, RunEvent, RunResult, TrainingPipeline } from "../runs";
import { type CommonFlags, print, say } from "./context";
import { progressBar } from "./progress";

/** Epochs to train for, and the folds that they were chosen by. */
export interface ChosenEpochs {
  epochs: number;
  folds?: FoldResult[];
  /** Steps that the folds took. */
  steps?: number;
}

/**
 * Shows a cross-validation as it progresses: a bar over the steps of all folds and of the training after them, a line
 * for each fold, and the number of epochs chosen.
 * @returns null if a signal stopped it
 */
export async function showFolds(
  crossValidation: AsyncGenerator<FoldEvent, FoldResult[] | null>,
  { epochs }: Pick<TrainingOptions, "epochs">,
  flags: CommonFlags,
): Promise<ChosenEpochs | null> {
  const { chooseEpochs, meanOfFolds } = await import("../runs");
  const line = flags.json ? say : print;
  const bar = progressBar();
  let steps = 0;
  for (;;) {
    const { done, value } = await crossValidation.next();
    if (done) {
      if (value === null) return null;
      if (value.length === 0) return { epochs };
      const chosen = chooseEpochs(value);
      const auc = meanOfFolds(value)[chosen - 1];
      line(`${value.length} folds: ${chosen} of ${epochs} epochs chosen, mean validation AUC by channel ${show(auc)}`);
      return { epochs: chosen, folds: value, steps };
    }
    if (value.kind === "progress") {
      steps = value.done;
      bar({ stage: "train", done: steps, total: value.total });
    } else if (value.kind === "fold") line(foldLine(value));
    else say(value.message);
  }
}

function foldLine({ fold, result: { channels, pairs, valAuc } }: FoldEvent & { kind: "fold" }): string {
  const best = Math.max(...valAuc);
  const where = `${channels} channels, ${pairs} pairs`;
  return `Fold ${fold + 1}: ${where}, Val AUC by channel best after epoch ${valAuc.indexOf(best)}: ${show(best)}`;
}

const show = (metric: number | null | undefined): string => metric?.toFixed(4) ?? "n/a";

/**
 * Shows a run as it progresses: the guide's console lines, one bar over all steps, and notices.
 * @param stepsBefore steps that folds took before it
 */
export async function showTraining(
  run: AsyncGenerator<RunEvent, RunResult | null>,
  { options, stepsPerEpoch }: Pick<TrainingPipeline, "options" | "stepsPerEpoch">,
  flags: CommonFlags,
  stepsBefore = 0,
): Promise<RunResult | null> {
  const { guideLine, isGuideEpoch } = await import("../runs");
  const line = flags.json ? say : print;
  const bar = progressBar();
  const total = stepsBefore + options.epochs * stepsPerEpoch;
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
    if (value.kind === "step") bar({ stage: "train", done: stepsBefore + value.globalStep, total });
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
  const metrics = ({ valAuc, valCorr }: RunResult["plain"]) => `Val AUC=${show(valAuc)}, Val Corr=${show(valCorr)}`;
  const averaged = swa === null ? [] : [`averaged weights (SWA): ${metrics(swa)}`];
  return [`last weights: ${metrics(plain)}`, ...averaged, `trained weights: ${trained}`].join("\n");
}
