import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { type RunResult, rerun, TrainingPipeline, trainRun } from "../../lib/runs";
import { timeSteps } from "../../lib/training";
import { planted } from "../training/planted";

const NAME = "again";
const data = planted();
const engine = await openEngine({ backend: "cpu" });
const home = await mkdtemp(join(tmpdir(), "thumbrank-rerun-"));
afterAll(async () => {
  engine.dispose();
  await rm(home, { recursive: true });
});

const pathsOf = (of: string) => ({
  checkpoints: join(home, of, "checkpoints"),
  models: join(home, of, "models"),
  runs: join(home, of, "runs"),
});

function pipelineOf(settings: Partial<ConstructorParameters<typeof TrainingPipeline>[0]> = {}): TrainingPipeline {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 });
  return new TrainingPipeline({ model, engine, data, learningRate: 1e-2, swaStart: 1, lossesEvery: 1, ...settings });
}

/** Starts as `rerun` says and stops after so many steps, as an interrupt would. */
async function cell(of: string, pipeline: TrainingPipeline, steps = Number.POSITIVE_INFINITY) {
  const run = { name: NAME, paths: pathsOf(of), pipeline, numEpochs: 3 };
  const begin = await rerun(run);
  const interrupt = new AbortController();
  const notices: string[] = [];
  let result: RunResult | null = null;
  const events = trainRun({ ...run, ...begin, signal: interrupt.signal });
  for (let done = 0; ; ) {
    const next = await events.next();
    if (next.done) {
      result = next.value;
      break;
    }
    if (next.value.kind === "step" && ++done === steps) interrupt.abort();
    if (next.value.kind === "notice") notices.push(next.value.message);
  }
  return { begin, notices, result };
}

test("an interrupted run goes on when its cell runs again, and ends with the bytes of one that never stopped", async () => {
  const first = await cell("stopped", pipelineOf(), 11);
  expect(first.begin).toEqual({ overwrite: true });
  expect(first.result).toBeNull();
  const second = await cell("stopped", pipelineOf());
  expect(second.begin).toEqual({ resume: "latest" });
  expect(second.notices).toEqual([expect.stringContaining("epoch 1, step 3")]);
  const whole = await cell("whole", pipelineOf());
  const weights = (trained: string | undefined) => readFile(join(trained ?? "", "weights.safetensors"));
  const resumed = await weights(second.result?.trained);
  const unbroken = await weights(whole.result?.trained);
  expect(resumed.equals(unbroken)).toBe(true);
});

test("a finished run, and a stopped one of other settings or data, is trained from the start", async () => {
  expect((await cell("other", pipelineOf(), 4)).begin).toEqual({ overwrite: true });
  const run = (pipeline: TrainingPipeline) => ({ name: NAME, paths: pathsOf("other"), pipeline, numEpochs: 3 });
  expect(await rerun(run(pipelineOf({ mixupAlpha: 0 })))).toEqual({ overwrite: true });
  expect(await rerun(run(pipelineOf({ seed: 1 })))).toEqual({ overwrite: true });
  expect(await rerun(run(pipelineOf({ data: { ...data, dataHash: "another" } })))).toEqual({ overwrite: true });
  expect(await rerun(run(pipelineOf()))).toEqual({ resume: "latest" });
  expect((await cell("other", pipelineOf())).begin).toEqual({ resume: "latest" });
  expect(await rerun(run(pipelineOf()))).toEqual({ overwrite: true });
});

test("a run stopped after its last epoch, before its result was written, is only finished", async () => {
  const run = { name: NAME, paths: pathsOf("last"), pipeline: pipelineOf(), numEpochs: 2 };
  for await (const event of trainRun(run)) if (event.kind === "epoch" && event.epoch === 1) break;
  const pipeline = pipelineOf();
  expect(await rerun({ ...run, pipeline })).toEqual({ resume: "latest" });
  const kinds: string[] = [];
  for await (const { kind } of trainRun({ ...run, pipeline, resume: "latest" })) kinds.push(kind);
  expect(kinds).toEqual(["notice"]);
  expect(await rerun({ ...run, pipeline })).toEqual({ overwrite: true });
});

test("a loop that breaks off leaves a checkpoint where it stopped, after a step as after an epoch", async () => {
  for (const kind of ["step", "epoch"] as const) {
    const run = { name: NAME, paths: pathsOf(`broken-${kind}`), numEpochs: 3 };
    const pipeline = pipelineOf();
    for await (const event of trainRun({ ...run, pipeline })) if (event.kind === kind) break;
    const another = pipelineOf();
    expect(await rerun({ ...run, pipeline: another })).toEqual({ resume: "latest" });
    await trainRun({ ...run, pipeline: another, resume: "latest" }).next();
    expect(another.position).toEqual(pipeline.position);
    expect(pipeline.position.globalStep).toBe(kind === "step" ? 1 : pipeline.stepsPerEpoch);
    const history = await readFile(join(run.paths.models, "training_history.json"), "utf8");
    expect(JSON.parse(history)).toHaveLength(kind === "step" ? 0 : 1);
  }
});

test("timed steps are as many as asked for, across epochs, and the pipeline stands behind them", async () => {
  const pipeline = pipelineOf();
  const times = await timeSteps(pipeline, pipeline.stepsPerEpoch + 2);
  expect(times).toHaveLength(pipeline.stepsPerEpoch + 2);
  expect(times.every((ms) => ms > 0)).toBe(true);
  expect(pipeline.position).toMatchObject({ epoch: 1, step: 2 });
});
