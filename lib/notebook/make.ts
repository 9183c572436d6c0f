import type { Progress } from "../base";
import { importTable, isSampleWritten, sampleFiles, sampleFolder, sampleWorld, writeSample } from "../dataset";
import { exportRun } from "../deployment";
import { embedAll, openImageEncoder, openTextEncoder } from "../embedding";
import { openEngine } from "../engine";
import { diagnose, keepEvaluation, keptEvaluation, measureRun } from "../evaluation";
import { loadFeatures } from "../features";
import { ThumbnailRankingModel } from "../model";
import { finishedRun, TrainingPipeline, trainRun } from "../runs";
import { openHomeStore, withStore } from "../store";
import type { NotebookSettings } from "./profile";
import type { Stage } from "./stages";

type Job = AsyncGenerator<Progress, void>;

/** The work of each notebook, without its explanations. */
export const MAKE: Record<Stage, (settings: NotebookSettings) => Job> = {
  videos: collect,
  pairs: async function* ({ paths, quality, pairs, splits, seed }) {
    yield { stage: "build pairs", done: 0, total: 1 };
    await withStore(paths, (store) => store.buildPairs({ quality, pairs, splits, seed }));
    yield { stage: "build pairs", done: 1, total: 1 };
  },
  embeddings: embed,
  run: train,
  evaluation: async function* ({ paths, run: name, encoders }) {
    yield { stage: "evaluate", done: 0, total: 1 };
    const run = await finishedRun(paths, name, encoders);
    const report = await measureRun(run);
    await keepEvaluation(run, report, diagnose(run.history, report, run));
    yield { stage: "evaluate", done: 1, total: 1 };
  },
  model: async function* ({ paths, run: name, encoders }) {
    yield { stage: "export", done: 0, total: 1 };
    const run = await finishedRun(paths, name, encoders);
    await exportRun(run, (await keptEvaluation(run)) ?? {});
    yield { stage: "export", done: 1, total: 1 };
  },
};

async function* collect({ paths, sample }: NotebookSettings): Job {
  const world = sampleWorld(sample ?? {});
  const folder = sampleFolder(paths);
  const isDrawn = await isSampleWritten(world, folder);
  const { table, thumbnails } = isDrawn ? sampleFiles(folder) : yield* writeSample(world, folder);
  const store = await openHomeStore(paths);
  try {
    yield* importTable({ file: table, thumbnails, store, paths });
  } finally {
    await store.close();
  }
}

async function* embed({ paths, encoders }: NotebookSettings): Job {
  const image = await openImageEncoder(encoders.image);
  const text = await openTextEncoder(encoders.text, { announce: console.log });
  const store = await openHomeStore(paths);
  try {
    yield* embedAll({ store, paths, image, text });
  } finally {
    await Promise.all([store.close(), image.close(), text.close()]);
  }
}

async function* train({ paths, run, encoders, training }: NotebookSettings): Job {
  const { data } = yield* loadFeatures(paths, training, encoders);
  const engine = await openEngine();
  const dims = { clipDim: data.imageDim, textDim: data.textDim };
  const model = new ThumbnailRankingModel(dims, { seed: training.seed });
  const pipeline = new TrainingPipeline({ model, engine, data, ...training });
  const numEpochs = training.epochs;
  const total = training.epochs * pipeline.stepsPerEpoch;
  try {
    for await (const event of trainRun({ name: run, paths, pipeline, numEpochs, overwrite: true })) {
      if (event.kind === "step") yield { stage: "train", done: event.globalStep, total };
      else if (event.kind === "notice") console.log(event.message);
    }
  } finally {
    pipeline.dispose();
    engine.dispose();
  }
}
