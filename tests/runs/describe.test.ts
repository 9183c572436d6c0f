import { spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import {
  describeRun,
  listRuns,
  type RunOptions,
  runSettings,
  TrainingPipeline,
  trainRun,
  validationAuc,
} from "../../lib/runs";
import { planted } from "../training/planted";

const OLD = join(__dirname, "..", "compatibility", "runs");
const engine = await openEngine({ backend: "cpu" });
const home = await mkdtemp(join(tmpdir(), "thumbrank-describe-"));
afterAll(async () => {
  engine.dispose();
  await rm(home, { recursive: true });
});

const pathsOf = (of: string) => ({
  checkpoints: join(home, of, "checkpoints"),
  models: join(home, of, "models"),
  runs: join(home, of, "runs"),
});

function options(of: string, name: string, changes: Partial<RunOptions> = {}, settings = {}): RunOptions {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 });
  const pipeline = new TrainingPipeline({ model, engine, data: planted(), swaStart: 1, lossesEvery: 1, ...settings });
  return { name, paths: pathsOf(of), pipeline, numEpochs: 3, ...changes };
}

async function train(run: RunOptions, steps = Number.POSITIVE_INFINITY): Promise<void> {
  let done = 0;
  for await (const { kind } of trainRun(run)) if (kind === "step" && ++done === steps) break;
}

test("runs live side by side, each with its own history and settings, in the order of their start", async () => {
  await train(options("several", "zebra", {}, { learningRate: 1e-2 }));
  await train(options("several", "ant", { numEpochs: 2 }));
  const runs = await listRuns(pathsOf("several"));
  expect(runs.map(({ name, state, epochs }) => [name, state, epochs])).toEqual([
    ["zebra", "finished", 3],
    ["ant", "finished", 2],
  ]);
  expect(runs.map(({ history }) => history.length)).toEqual([3, 2]);
  const changed = runs.map((run) => runSettings(run).flatMap(({ flag, isDefault }) => (isDefault ? [] : [flag])));
  expect(changed).toEqual([
    ["lr", "swa-start", "hidden-dim"],
    ["swa-start", "hidden-dim"],
  ]);
  const read = async (...path: string[]) => JSON.parse(await readFile(join(home, "several", ...path), "utf8"));
  expect(await read("runs", "zebra", "training_history.json")).toEqual(runs[0]?.history);
  expect(await read("models", "training_history.json")).toEqual(runs[1]?.history);
});

test("a run notes what it was made with, on which data, and what it ended with", async () => {
  const run = options("noted", "first");
  await train(run);
  const described = await describeRun(run.paths, "first");
  const { versions, data, result } = described;
  expect(versions).toMatchObject({ node: process.versions.node, tfjs: "4.22.0" });
  const { hash, trainingPairs } = data;
  expect([hash, trainingPairs]).toEqual([run.pipeline.data.dataHash, run.pipeline.data.pairs.train.winners.length]);
  expect(result).toEqual(run.pipeline.result);
  expect(validationAuc({ ...described, history: [] })).toBe(run.pipeline.result?.swa?.valAuc);
  expect(described.engine?.name).toBe(engine.name);
});

test("a run is stopped when its training was broken off, and finished when it was resumed", async () => {
  await train(options("stopped", "first"), 4);
  const stopped = await describeRun(pathsOf("stopped"), "first");
  expect(stopped).toMatchObject({ state: "stopped", finishedAt: null, result: null });
  await train(options("stopped", "first", { resume: "latest" }));
  const finished = await describeRun(pathsOf("stopped"), "first");
  expect([finished.state, finished.startedAt]).toEqual(["finished", stopped.startedAt]);
  expect(finished.finishedAt?.getTime()).toBeGreaterThanOrEqual(stopped.startedAt.getTime());
  await train(options("stopped", "first", { resume: "latest", numEpochs: 5 }), 2);
  expect(await describeRun(pathsOf("stopped"), "first")).toMatchObject({ state: "stopped", epochs: 5 });
});

test("a run is running while a process trains it, and no longer when that process was killed", async () => {
  const run = trainRun(options("running", "first"));
  await run.next();
  const record = join(home, "running", "runs", "first", "run.json");
  expect((await describeRun(pathsOf("running"), "first")).state).toBe("running");
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const noted = JSON.parse(await readFile(record, "utf8"));
  const started = (await readFile(`/proc/${other.pid}/stat`, "utf8").catch(() => "")).split(" ")[21] ?? "0";
  await writeFile(record, JSON.stringify({ ...noted, process: { ...noted.process, pid: other.pid, started } }));
  expect((await describeRun(pathsOf("running"), "first")).state).toBe("running");
  const gone = new Promise((resolve) => other.once("exit", resolve));
  other.kill("SIGKILL");
  await gone;
  expect((await describeRun(pathsOf("running"), "first")).state).toBe("stopped");
  await run.return(null);
});

test("a run is running while one of its folds is trained", async () => {
  const paths = pathsOf("folds");
  const folds = { checkpoints: join(paths.checkpoints, "first", "folds"), runs: join(paths.runs, "first", "folds") };
  const run = trainRun({ ...options("folds", "fold-1"), paths: { ...paths, ...folds } });
  await run.next();
  expect((await describeRun(paths, "first")).state).toBe("running");
  await run.return(null);
  expect((await describeRun(paths, "first")).state).toBe("stopped");
});

test("runs of an earlier version, which have no record, are described by their result or newest checkpoint", async () => {
  const paths = pathsOf("old");
  cpSync(join(OLD, "whole"), join(paths.checkpoints, "whole"), { recursive: true });
  cpSync(join(OLD, "interrupted", "run"), join(paths.checkpoints, "interrupted"), { recursive: true });
  await mkdir(join(paths.checkpoints, "begun"));
  const whole = await describeRun(paths, "whole");
  expect(whole).toMatchObject({ state: "finished", data: { hash: expect.stringMatching(/^planted/) } });
  expect(whole.history).toHaveLength(4);
  expect(validationAuc(whole)).toBe(whole.history[3]?.valAuc);
  expect(await describeRun(paths, "interrupted")).toMatchObject({ state: "stopped", finishedAt: null });
  expect(await describeRun(paths, "begun")).toMatchObject({ state: "stopped", config: null, data: {}, history: [] });
  expect(await listRuns(paths)).toHaveLength(3);
});

test("a damaged record or history does not hide the other runs", async () => {
  const paths = pathsOf("damaged");
  await train(options("damaged", "good"));
  await train(options("damaged", "bad"));
  for (const file of ["run.json", "training_history.json"]) await writeFile(join(paths.runs, "bad", file), "{");
  const states = (await listRuns(paths)).map(({ name, state }) => [name, state]);
  expect(Object.fromEntries(states)).toEqual({ good: "finished", bad: "finished" });
});

test("a run that was never started is unknown", async () => {
  await expect(describeRun(pathsOf("several"), "nope")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  await expect(describeRun(pathsOf("several"), "../x")).rejects.toMatchObject({ code: "RUN_NAME_INVALID" });
  expect(await listRuns(pathsOf("nothing"))).toEqual([]);
});
