import type { TrainingOptions } from "../config";
import {
  type Engine,
  type EngineOptions,
  fastest,
  keepThreads,
  keptThreads,
  type MeasuredThreads,
  openEngine,
  type Threads,
  threadChoices,
} from "../engine";
import type { PairSet, TrainingData } from "../features";
import { ThumbnailRankingModel } from "../model";
import type { EncoderIdentity, RatedVideo } from "../store";
import { Trainer } from "./trainer";

const WARM_STEPS = 5;
const STEPS = 10;

const VIDEOS = 512;
const BATCHES = 256;
const HEADS = 6;

/** What the cost of a step depends on. */
export interface Work {
  clipDim: number;
  textDim: number;
  hiddenDim: number;
  training: TrainingOptions;
  /** Without the thread counts. */
  engine: EngineOptions;
}

/** The fastest thread counts for this work on this machine, if ever measured. */
export function tunedThreads(work: Work): Promise<MeasuredThreads | undefined> {
  return keptThreads(describeWork(work));
}

/**
 * Measures which thread counts are fastest for this work and saves the answer in the user's cache: ten training steps
 * on data of the same sizes, three times for each choice.
 * @throws what `openEngine` throws for TensorFlow's engine
 */
export async function tuneThreads(work: Work, choices: Threads[] = threadChoices()): Promise<MeasuredThreads> {
  const trainings = new Map<Threads, Training>();
  try {
    for (const choice of choices) trainings.set(choice, await startTraining(work, choice));
    const measured = await fastest(choices, (choice) => msPerStep(trainings.get(choice) as Training));
    await keepThreads(describeWork(work), measured);
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

/** Data of which only the sizes matter: the cost of a step does not depend on values. Never learn from it. */
function standInData(imageDim: number, textDim: number, batchSize: number): TrainingData {
  const width = imageDim + textDim;
  const none = pairSet(0);
  return {
    videos: Array.from({ length: VIDEOS }, () => ({ fold: "train" }) as RatedVideo),
    features: Float32Array.from({ length: VIDEOS * width }, (_, i) => Math.sin(i) / Math.sqrt(width / 2)),
    imageDim,
    textDim,
    ctrTargets: new Float32Array(VIDEOS).fill(0.5),
    trueCtrTargets: 0,
    auxiliaryTargets: new Float32Array(VIDEOS * HEADS).fill(0.5),
    pairs: { train: pairSet(BATCHES * batchSize), validation: none, test: none, time: none },
    identities: { image: identity("image", imageDim), text: identity("text", textDim) },
    dataHash: "stand-in",
  };
}

function pairSet(count: number): PairSet {
  return {
    winners: Int32Array.from({ length: count }, (_, pair) => (7 * pair) % VIDEOS),
    losers: Int32Array.from({ length: count }, (_, pair) => (11 * pair + 1) % VIDEOS),
    margins: new Float32Array(count).fill(0.5),
    weights: new Float32Array(count).fill(1),
  };
}

function identity(kind: "image" | "text", dimensions: number): EncoderIdentity {
  return { kind, dimensions, model: "stand-in", revision: "1", preprocessing: "none", normalisation: "l2" };
}

/** A key for all work with the same cost. */
function describeWork({ clipDim, textDim, hiddenDim, training, engine }: Work): string {
  const { precision = "float32", xla = false, device = "any device" } = engine;
  const sizes = `${clipDim} + ${textDim} to ${hiddenDim}, batch ${training.batchSize}`;
  return `${sizes}, ${precision}${xla ? ", XLA" : ""}, ${device}`;
}

/**
 * Trains some steps and measures each, including its batch: steps of one call get equal shares. The first takes longer
 * if its step must be compiled.
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
