import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TrainingOptions } from "../../lib/config";
import {
  guideLine,
  isGuideEpoch,
  LOGGERS,
  type LoggedRun,
  openLoggers,
  TrainingHistory,
  WandbLogger,
  type WandbSdk,
  WandbUnavailable,
  wantsWandb,
} from "../../lib/runs";
import { epochRecord } from "./loggers-record";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loggers-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("console lines are the guide's, to the letter", () => {
  const lines = [
    epochRecord(0),
    epochRecord(10, { pair: 0.1823, ctr: 0.0189, valAuc: 0.6012, valCorr: 0.2567 }),
    epochRecord(200, { pair: 0.0756, ctr: 0.0078, valAuc: 0.7312, valCorr: 0.5012 }),
  ].map(guideLine);
  expect(lines).toEqual([
    "Epoch   0: Pair Loss=0.2453, CTR Loss=0.0234, Val AUC=0.5234, Val Corr=0.1234",
    "Epoch  10: Pair Loss=0.1823, CTR Loss=0.0189, Val AUC=0.6012, Val Corr=0.2567",
    "Epoch 200: Pair Loss=0.0756, CTR Loss=0.0078, Val AUC=0.7312, Val Corr=0.5012",
  ]);
  expect(guideLine(epochRecord(3, { valAuc: null, valCorr: -0.00004 }))).toContain("Val AUC=n/a, Val Corr=-0.0000");
});

test("a line every 10 epochs and for the last", () => {
  const shown = Array.from({ length: 25 }, (_, epoch) => epochRecord(epoch)).filter((record) =>
    isGuideEpoch(record, 25),
  );
  expect(shown.map(({ epoch }) => epoch)).toEqual([0, 10, 20, 24]);
});

test("the history file holds every epoch so far, as a whole, after each", async () => {
  const path = join(folder, "models", "training_history.json");
  const history = await TrainingHistory.open(path);
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual([]);
  for (const epoch of [0, 1]) await history.epoch(epochRecord(epoch));
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual([epochRecord(0), epochRecord(1)]);
  expect(await readdir(join(folder, "models"))).toEqual(["training_history.json"]);
});

test("a resumed run's history has the epochs before the checkpoint and those done anew, none twice", async () => {
  const path = join(folder, "training_history.json");
  const first = await TrainingHistory.open(path);
  for (const epoch of [0, 1, 2, 3]) await first.epoch(epochRecord(epoch));
  const resumed = await TrainingHistory.open(path, [epochRecord(0), epochRecord(1)]);
  await resumed.epoch(epochRecord(2, { pair: 9 }));
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual([
    epochRecord(0),
    epochRecord(1),
    epochRecord(2, { pair: 9 }),
  ]);
  await resumed.epoch(epochRecord(1, { pair: 8 }));
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual([epochRecord(0), epochRecord(1, { pair: 8 })]);
});

function fakeSdk(): { sdk: WandbSdk; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const record =
    (name: string) =>
    (...facts: unknown[]) =>
      void calls.push([name, ...facts]);
  const asynchronous =
    (name: string) =>
    async (...facts: unknown[]) =>
      record(name)(...facts);
  return { sdk: { init: asynchronous("init"), log: record("log"), finish: asynchronous("finish") }, calls };
}

test("Weights & Biases gets the configuration, each epoch under its number, and a finish", async () => {
  const { sdk, calls } = fakeSdk();
  const logger = await WandbLogger.open("first", { epochs: 2 }, async () => sdk);
  await logger.epoch(epochRecord(0, { valAuc: null }));
  await logger.close();
  expect(calls.map(([name]) => name)).toEqual(["init", "log", "finish"]);
  expect(calls[0]?.[1]).toMatchObject({ name: "first", config: { epochs: 2 }, settings: { silent: true } });
  expect(calls[1]?.slice(1)).toEqual([expect.objectContaining({ "loss/pair": 0.2453, "val/corr": 0.1234 }), 0]);
  expect(calls[1]?.[1]).not.toHaveProperty("val/auc");
});

test("a missing SDK or a refused login is a coded error that says what to install", async () => {
  await expect(WandbLogger.open("first", {})).rejects.toThrow(WandbUnavailable);
  await expect(WandbLogger.open("first", {})).rejects.toThrow("npm install @wandb/sdk");
  const { sdk } = fakeSdk();
  const refusing = { ...sdk, init: () => Promise.reject(new Error("401")) };
  await expect(WandbLogger.open("first", {}, async () => refusing)).rejects.toThrow("401");
});

test("a key that the SDK's message quotes is not shown", async () => {
  vi.stubEnv("WANDB_API_KEY", "abcdef123456");
  const { sdk } = fakeSdk();
  const refusing = { ...sdk, init: () => Promise.reject(new Error("401 for key abcdef123456")) };
  const error = await WandbLogger.open("first", {}, async () => refusing).catch((thrown: unknown) => thrown);
  vi.unstubAllEnvs();
  expect(inspect(error)).toContain("401 for key ***");
  expect(inspect(error)).not.toContain("abcdef123456");
});

test("Weights & Biases is wanted after a login, by key or by netrc, unless switched off", async () => {
  expect(await wantsWandb({}, folder)).toBe(false);
  expect(await wantsWandb({ WANDB_API_KEY: "k" }, folder)).toBe(true);
  expect(await wantsWandb({ WANDB_API_KEY: "k", WANDB_MODE: "disabled" }, folder)).toBe(false);
  await writeFile(join(folder, ".netrc"), "machine api.wandb.ai\n  login user\n  password secret\n");
  expect(await wantsWandb({}, folder)).toBe(true);
});

const run = (): LoggedRun => ({
  name: "first",
  paths: { models: join(folder, "models"), runs: join(folder, "runs") },
  options: TrainingOptions.parse({}),
  settings: { ...TrainingOptions.parse({}), hiddenDim: 16 },
  history: [],
  firstEpoch: 0,
  environment: {},
});

test("every logger gets each epoch and is closed, those nobody asked for left out", async () => {
  const { sdk, calls } = fakeSdk();
  const rows = [
    { name: "none", isOptional: false, open: async () => null },
    { name: "fake", isOptional: true, open: () => WandbLogger.open("first", {}, async () => sdk) },
  ];
  const loggers = await openLoggers(run(), [...LOGGERS, ...rows]);
  for (const epoch of [0, 1]) await loggers.epoch(epochRecord(epoch));
  await loggers.close();
  expect(loggers.notices).toEqual([]);
  expect(calls.map(([name, , step]) => [name, step])).toEqual([
    ["init", undefined],
    ["log", 0],
    ["log", 1],
    ["finish", undefined],
  ]);
  expect(JSON.parse(await readFile(join(folder, "models/training_history.json"), "utf8"))).toHaveLength(2);
  expect(JSON.parse(await readFile(join(folder, "runs/first/training_history.json"), "utf8"))).toHaveLength(2);
  expect((await readdir(join(folder, "runs/first"))).filter((name) => name.includes("tfevents"))).toHaveLength(1);
});

test("an optional logger that cannot be used is a notice, another one an error", async () => {
  const login = { ...run(), environment: { WANDB_API_KEY: "k" } };
  const { notices } = await openLoggers(login);
  expect(notices).toEqual([expect.stringContaining("npm install @wandb/sdk")]);
  const row = { name: "fake", isOptional: false, open: () => WandbLogger.open("first", {}) };
  await expect(openLoggers(run(), [row])).rejects.toThrow(WandbUnavailable);
});

test("a server that no longer answers does not hold the end up", async () => {
  const { sdk } = fakeSdk();
  const silent = { ...sdk, finish: () => new Promise<void>(() => {}) };
  await (await WandbLogger.open("first", {}, async () => silent)).close(1);
});
