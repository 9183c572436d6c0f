import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Engine, openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { TrainingPipeline, trainRun } from "../../lib/runs";
import { describeEngineChange, toEngineFacts } from "../../lib/training/position";
import { planted } from "./planted";

const cpu = await openEngine({ backend: "cpu" });
const home = await mkdtemp(join(tmpdir(), "thumbrank-facts-"));
afterAll(async () => {
  cpu.dispose();
  await rm(home, { recursive: true });
});

const settings = { intraOpThreads: 1, interOpThreads: 2, precision: "float32", xla: false } as const;
const engineWith = (interOpThreads: number) =>
  ({ name: "tensorflow", version: "2.21.0", device: "CPU", settings: { ...settings, interOpThreads } }) as Engine;

test("what differs is named with both values; older checkpoints say nothing", () => {
  const two = toEngineFacts(engineWith(2));
  const four = toEngineFacts(engineWith(4));
  expect(describeEngineChange(two, toEngineFacts(engineWith(2)))).toBeNull();
  expect(describeEngineChange(undefined, two)).toBeNull();
  expect(describeEngineChange(two, four)).toBe("interOpThreads was 2, is 4");
  expect(describeEngineChange(two, { ...four, precision: "bfloat16" })).toContain("precision was float32, is bfloat16");
  expect(describeEngineChange(two, toEngineFacts(cpu))).toContain("name was tensorflow, is cpu");
});

test("a run says what computed it, and a resumed one says where that differs", async () => {
  const paths = { checkpoints: join(home, "checkpoints"), models: join(home, "models"), runs: join(home, "runs") };
  const run = async (engine: Engine, numEpochs: number, resume?: string) => {
    const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 });
    const pipeline = new TrainingPipeline({ model, engine, data: planted(), useSwa: false });
    const notices: string[] = [];
    for await (const event of trainRun({ name: "r", paths, pipeline, numEpochs, ...(resume && { resume }) }))
      if (event.kind === "notice") notices.push(event.message);
    return notices;
  };
  expect(await run(cpu, 1)).toEqual([]);
  const card = JSON.parse(await readFile(join(paths.checkpoints, "r", "trained", "trained.json"), "utf8"));
  expect(card.engine).toEqual({ name: "cpu", version: cpu.version, device: "CPU" });
  const other = new Proxy(cpu, {
    get: (on, key) => {
      const value: unknown = key === "version" ? "0.0.1" : Reflect.get(on, key, on);
      return typeof value === "function" ? value.bind(on) : value;
    },
  });
  const notices = await run(other, 2, "latest");
  expect(notices).toHaveLength(2);
  expect(notices[1]).toContain(`version was ${cpu.version}, is 0.0.1`);
});
