import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TrainingOptions } from "../../lib/config";
import { openEngine } from "../../lib/engine";
import { divideChannels, selectFold, type TrainingData } from "../../lib/features";
import { ThumbnailRankingModel } from "../../lib/model";
import {
  type CrossValidation,
  chooseEpochs,
  crossValidate,
  type FoldEvent,
  type FoldResult,
  meanOfFolds,
  readTrained,
  TrainingPipeline,
  trainRun,
} from "../../lib/runs";
import { openPredictor } from "../../lib/training";
import { planted } from "../training/planted";

const folder = await mkdtemp(join(tmpdir(), "thumbrank-folds-"));
const engine = await openEngine({ backend: "cpu" });
afterAll(async () => {
  engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

const data = planted();
const training = TrainingOptions.parse({ epochs: 3, folds: 2, learningRate: 1e-2, swaStart: 1, seed: 4 });

function openTrainer(part: TrainingData, options: TrainingOptions): TrainingPipeline {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: options.seed });
  return new TrainingPipeline({ model, engine, data: part, ...options });
}

function options(home: string, more: Partial<CrossValidation> = {}): CrossValidation {
  const paths = { checkpoints: join(folder, home, "checkpoints"), runs: join(folder, home, "runs") };
  return { name: "run", paths, data, training, folds: 2, openTrainer, ...more };
}

/** Runs it to its end, or until the consumer leaves after so many progress events. */
async function run(given: CrossValidation, leaveAfter = Number.POSITIVE_INFINITY) {
  const events: FoldEvent[] = [];
  const running = crossValidate(given);
  for (;;) {
    const { done, value } = await running.next();
    if (done) return { events, results: value };
    events.push(value);
    if (events.filter(({ kind }) => kind === "progress").length < leaveAfter) continue;
    await running.return(null);
    return { events, results: null };
  }
}

const steps = (events: FoldEvent[]) => events.flatMap((event) => (event.kind === "progress" ? [event.done] : []));

/** Trains each fold on its own and measures each channel of it by a loop over pairs, after each number of epochs. */
async function naive(): Promise<number[][]> {
  const curves: number[][] = [];
  for (const channels of divideChannels(data, 2, training.seed)) {
    const curve: number[] = [];
    for (let numEpochs = 1; numEpochs <= training.epochs; numEpochs++) {
      const trainer = openTrainer(selectFold(data, channels), { ...training, useSwa: false });
      for await (const _ of trainer.train({ numEpochs }));
      if (trainer.trained === null) throw new Error("not trained");
      const { scores } = await openPredictor(engine, trainer.trained).predict(data.features);
      const aucs = channels.map((channel) => {
        const { winners, losers } = data.pairs.train;
        const own = [...winners.keys()].filter((pair) => data.videos[winners[pair] ?? -1]?.channelId === channel);
        const right = own.filter((pair) => (scores[winners[pair] ?? -1] ?? 0) > (scores[losers[pair] ?? -1] ?? 0));
        return right.length / own.length;
      });
      curve.push(aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length);
      trainer.dispose();
    }
    curves.push(curve);
  }
  return curves;
}

let whole: FoldResult[] = [];

test("each fold's curve is the mean AUC of its channels, of a model trained on the other channels", async () => {
  const { results, events } = await run(options("whole"));
  whole = results ?? [];
  const near = (curve: number[]) => curve.map((auc) => expect.closeTo(auc, 6));
  expect(whole.map(({ valAuc }) => valAuc)).toEqual((await naive()).map(near));
  expect(whole.map(({ channels }) => channels)).toEqual([2, 2]);
  expect(whole.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(data.pairs.train.winners.length);
  // Two folds of 58 pairs, 4 steps an epoch, and the training on all 116 pairs, 8 steps an epoch.
  expect(events.at(0)).toEqual({ kind: "progress", done: 1, total: 3 * (4 + 4 + 8) });
  expect(steps(events)).toEqual(Array.from({ length: 24 }, (_, step) => step + 1));
  expect(existsSync(join(folder, "whole", "checkpoints", "run", "folds"))).toBe(false);
});

test("left in mid-fold and resumed, it gives the same results and repeats no finished fold", async () => {
  const left = await run(options("left", { checkpointSteps: 2 }), 18);
  expect(left.results).toBeNull();
  const resumed = await run(options("left", { resume: "latest" }));
  expect(resumed.results).toEqual(whole);
  // The fold that was finished is not trained again, and the other one continues at its checkpoint.
  expect(steps(resumed.events)[0]).toBeGreaterThan(12);
  expect(steps(resumed.events).at(-1)).toBe(24);
});

test("a signal stops it, and it continues from there", async () => {
  expect((await run(options("signal", { signal: AbortSignal.abort() }))).results).toBeNull();
  expect((await run(options("signal", { resume: "latest" }))).results).toEqual(whole);
});

test("folds of other settings or data are trained again", async () => {
  await run(options("other"));
  const longer = await run(options("other", { resume: "latest", training: { ...training, epochs: 4 } }));
  expect(longer.results?.map(({ valAuc }) => valAuc.length)).toEqual([4, 4]);
  expect(steps(longer.events)[0]).toBe(1);
});

test("a new start is refused where a run was begun, unless it may overwrite it", async () => {
  await run(options("begun"), 1);
  await expect(run(options("begun"))).rejects.toMatchObject({ code: "RUN_EXISTS" });
  expect((await run(options("begun", { overwrite: true }))).results).toEqual(whole);
});

test("of a single channel there are no folds, and more folds than channels are one a channel", async () => {
  const single = selectFold(data, ["c0", "c1", "c2"]);
  const { results, events } = await run(options("single", { data: single }));
  expect([results, events]).toEqual([[], [{ kind: "notice", message: expect.stringContaining("fewer than two") }]]);
  const many = await run(options("many", { folds: 9, training: { ...training, epochs: 1 } }));
  expect(many.results?.map(({ channels }) => channels)).toEqual([1, 1, 1, 1]);
  expect(many.events).toContainEqual({ kind: "notice", message: expect.stringContaining("4 folds") });
});

test("the run that follows keeps the folds with its result", async () => {
  const { paths } = options("whole");
  const pipeline = openTrainer(data, { ...training, epochs: 1 });
  const events = trainRun({
    name: "run",
    paths: { ...paths, models: paths.runs },
    pipeline,
    numEpochs: 1,
    folds: whole,
  });
  for await (const _ of events);
  expect((await readTrained(join(paths.checkpoints, "run"))).folds).toEqual(whole);
});

test("the epochs chosen are the first with the highest mean over channels and neighbouring epochs", () => {
  const fold = (channels: number, ...valAuc: number[]): FoldResult => ({ channels, pairs: 10, valAuc });
  expect(meanOfFolds([fold(1, 0.5, 0.6), fold(3, 0.7, 0.5)])).toEqual(
    [0.65, 0.525].map((mean) => expect.closeTo(mean)),
  );
  // The lone peak after the first epoch is chance.
  expect(chooseEpochs([fold(1, 0.56, 0.5, 0.54, 0.55, 0.54, 0.5)])).toBe(4);
  expect(chooseEpochs([fold(1, 0.5, 0.5, 0.5)])).toBe(1);
  expect(chooseEpochs([fold(1, 0.5, 0.6, 0.7), fold(2, 0.6, 0.5, 0.3)])).toBe(1);
  expect(chooseEpochs([fold(5, 0.5)])).toBe(1);
});
