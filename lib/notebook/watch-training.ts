import type { RunEvent, RunResult, TrainingPipeline } from "../runs";
import type { EpochRecord } from "../training";
import { Interrupted } from "./errors";
import { interruptSignal } from "./host";
import { type LiveFigure, liveFigure } from "./live";
import { openProgressView } from "./progress-view";
import { trainingFigure } from "./training-figure";

/** Callbacks of `watchTraining`. */
export interface TrainingWatch {
  onEpoch?: (epoch: EpochRecord) => void;
}

/** The parts of a pipeline that are shown; its history includes the epochs before a resume. */
type WatchedPipeline = Pick<TrainingPipeline, "options" | "stepsPerEpoch" | "history">;

/** A run that was given the interrupt signal needs one more step to save its checkpoint and end by itself. */
const GRACE_STEPS = 2;

/**
 * Runs a training to its end and shows it: a bar over its steps, the guide's lines, and a figure of losses, AUC and
 * correlation that grows with the epochs. Give the run `signal: interruptSignal()` as well: then it saves a checkpoint
 * when the reader stops the cell.
 * @throws Interrupted if the reader stopped the cell; and whatever the run throws
 */
export async function watchTraining(
  run: AsyncGenerator<RunEvent, RunResult | null>,
  pipeline: WatchedPipeline,
  { onEpoch = () => {} }: TrainingWatch = {},
): Promise<RunResult> {
  const signal = interruptSignal();
  const show = await openTrainingView(pipeline);
  let last: RunEvent | null = null;
  try {
    for (let steps = 0; steps < GRACE_STEPS; ) {
      const { done, value } = await run.next();
      if (done && value !== null) {
        show.end();
        return value;
      }
      if (done || value === null) break;
      show.event(value);
      if (value.kind === "epoch") onEpoch(value);
      if (value.kind === "step" && signal.aborted) steps++;
      last = value;
    }
    throw new Interrupted(describePosition(last));
  } finally {
    await run.return(null);
    show.close();
  }
}

function describePosition(last: RunEvent | null): string {
  if (last?.kind === "checkpoint") return 'training, with a checkpoint: `resume: "latest"` continues from there';
  return last?.kind === "step" ? `training, epoch ${last.epoch}, step ${last.step}` : "training";
}

async function openTrainingView(pipeline: WatchedPipeline) {
  const { options, stepsPerEpoch } = pipeline;
  const { guideLine, isGuideEpoch } = await import("../runs");
  const bar = openProgressView();
  const total = options.epochs * stepsPerEpoch;
  let figure: LiveFigure | null = null;
  const afterEpoch = (epoch: EpochRecord) => {
    const curves = trainingFigure(pipeline.history, options);
    if (figure === null) figure = liveFigure(curves);
    else figure.update(curves);
    if (isGuideEpoch(epoch, options.epochs)) console.log(guideLine(epoch));
  };
  return {
    event: (event: RunEvent) => {
      if (event.kind === "step") bar.show({ stage: "train", done: event.globalStep, total });
      else if (event.kind === "notice") console.log(event.message);
      else if (event.kind === "epoch") afterEpoch(event);
    },
    end: () => bar.end(),
    close: () => {
      bar.stop();
      figure?.close();
    },
  };
}
