import type { EpochRecord, RunEvent, RunResult, TrainingPipeline } from "../training";
import { Interrupted } from "./errors";
import { interruptSignal } from "./host";
import { liveFigure } from "./live";
import { openProgressView } from "./progress-view";
import { trainingFigure } from "./training-figure";

/** What to do besides. */
export interface TrainingWatch {
  onEpoch?: (epoch: EpochRecord) => void;
}

/**
 * Runs a training to its end and shows it: a bar over its steps, the guide's lines, and a figure of losses, AUC and
 * correlation that grows with the epochs.
 * @throws Interrupted where the reader stopped the cell
 */
export async function watchTraining(
  run: AsyncGenerator<RunEvent, RunResult | null>,
  { options, stepsPerEpoch }: Pick<TrainingPipeline, "options" | "stepsPerEpoch">,
  { onEpoch = () => {} }: TrainingWatch = {},
): Promise<RunResult> {
  const { guideLine, isGuideEpoch } = await import("../training");
  const signal = interruptSignal();
  const view = openProgressView();
  const epochs: EpochRecord[] = [];
  const live = liveFigure(trainingFigure(epochs));
  const total = options.epochs * stepsPerEpoch;
  for (;;) {
    const { done, value } = await run.next();
    if (done) {
      view.end();
      live.close();
      if (value === null) throw new Interrupted("training, with a checkpoint");
      return value;
    }
    if (value.kind === "step") view.show({ stage: "train", done: value.globalStep, total });
    else if (value.kind === "notice") console.log(value.message);
    else if (value.kind === "epoch") {
      epochs.push(value);
      onEpoch(value);
      live.update(trainingFigure(epochs));
      if (isGuideEpoch(value, options.epochs)) console.log(guideLine(value));
    }
    if (signal.aborted) {
      await run.return(null);
      throw new Interrupted("training");
    }
  }
}
