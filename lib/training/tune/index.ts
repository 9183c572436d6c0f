import {
  type Engine,
  fastest,
  keepThreads,
  keptThreads,
  type MeasuredThreads,
  openEngine,
  type Threads,
  threadChoices,
} from "../../engine";
import { ThumbnailRankingModel } from "../../model";
import { timeSteps } from "../time-steps";
import { Trainer } from "../trainer";
import { standInData } from "./stand-in";
import { nameOf, type Work } from "./work";

export type { Work } from "./work";

const WARM_STEPS = 5;
const STEPS = 10;

/** The threads that were found fastest for this work on this machine, if that was ever measured. */
export function tunedThreads(work: Work): Promise<MeasuredThreads | undefined> {
  return keptThreads(nameOf(work));
}

/**
 * Measures which threads are fastest for this work and keeps the answer in the user's cache: ten training steps on data
 * of the same sizes, three times for each choice.
 * @throws what `openEngine` throws of TensorFlow's engine
 */
export async function tuneThreads(work: Work, choices: Threads[] = threadChoices()): Promise<MeasuredThreads> {
  const trainings = new Map<Threads, Training>();
  try {
    for (const choice of choices) trainings.set(choice, await startTraining(work, choice));
    const measured = await fastest(choices, (choice) => msPerStep(trainings.get(choice) as Training));
    await keepThreads(nameOf(work), measured);
    return measured;
  } finally {
    for (const { pipeline, engine } of trainings.values()) {
      pipeline.dispose();
      engine.dispose();
    }
  }
}

interface Training {
  engine: Engine;
  pipeline: Trainer;
}

/** A training whose step is compiled. */
async function startTraining(work: Work, threads: Threads): Promise<Training> {
  const { clipDim, textDim, hiddenDim, training } = work;
  const engine = await openEngine({ ...work.engine, backend: "tensorflow", ...threads });
  const model = new ThumbnailRankingModel({ clipDim, textDim, hiddenDim });
  const data = standInData(clipDim, textDim, training.batchSize);
  const pipeline = new Trainer({ ...training, model, engine, data });
  await timeSteps(pipeline, WARM_STEPS);
  return { engine, pipeline };
}

async function msPerStep({ pipeline }: Training): Promise<number> {
  const times = await timeSteps(pipeline, STEPS);
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}
