import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TensorBoardWriter } from "../../lib/runs";
import { crc32c, maskedCrc32c } from "../../lib/runs/loggers/event";
import { epochRecord } from "./loggers-record";

const PYTHON = join(__dirname, "..", "..", ".venv", "bin", "python");
const hasTensorBoard = existsSync(PYTHON) && canImport();
const READER = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
run = EventAccumulator(sys.argv[1]); run.Reload()
scalars = {tag: [[e.step, e.value, e.wall_time] for e in run.Scalars(tag)] for tag in run.Tags()["scalars"]}
texts = {tag: [e.tensor_proto.string_val[0].decode() for e in run.Tensors(tag)] for tag in run.Tags()["tensors"]}
print(json.dumps({"scalars": scalars, "texts": texts}))
`;
type Board = {
  scalars: Record<string, [step: number, value: number, wallTime: number][]>;
  texts: Record<string, string[]>;
};

let run = "";
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "board-"));
});
afterEach(() => rm(run, { recursive: true, force: true }));

function canImport(): boolean {
  try {
    return execFileSync(PYTHON, ["-c", "import tensorboard"], { stdio: "ignore" }) === null;
  } catch {
    return false;
  }
}

function readBoard(): Board {
  return JSON.parse(
    execFileSync(PYTHON, ["-c", READER, run], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
}

async function writeEpochs(from: number, to: number, pair: number): Promise<void> {
  const writer = await TensorBoardWriter.open(run, from, () => 1_700_000_000_500);
  await writer.text(from, "config", "`{ epochs: 8 }`");
  for (let epoch = from; epoch < to; epoch++)
    await writer.epoch(epochRecord(epoch, { pair: pair + epoch, valAuc: null }));
  await writer.close();
}

test("CRC-32C gives the check values of RFC 3720", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from("123456789"))).not.toBe(crc32(Buffer.from("123456789")));
});

test("every record's length and bytes carry their masked checksums", async () => {
  await writeEpochs(0, 3, 0);
  const [name] = await readdir(run);
  const bytes = await readFile(join(run, name as string));
  let records = 0;
  for (let at = 0; at < bytes.length; records++) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(bytes.subarray(at + 12, at + 12 + length)));
    at += length + 16;
  }
  expect(records).toBe(6);
});

test("files of one run, opened in the same second, sort in the order they were opened", async () => {
  for (let session = 0; session < 3; session++) await writeEpochs(session, session + 1, 0);
  const seconds = (await readdir(run)).sort().map((name) => name.split(".")[3]);
  expect(seconds).toEqual(["1700000000", "1700000001", "1700000002"]);
});

test.skipIf(!hasTensorBoard)(
  "TensorBoard reads tags, steps, values and texts (needs .venv with tensorboard)",
  async () => {
    await writeEpochs(0, 3, 0.5);
    const { scalars, texts } = readBoard();
    expect(scalars["loss/pair"]?.map(([step, value]) => [step, value])).toEqual([
      [0, 0.5],
      [1, 1.5],
      [2, 2.5],
    ]);
    expect(scalars["loss/pair"]?.[0]?.[2]).toBe(1_700_000_000.5);
    expect(scalars["val/corr"]?.[0]?.[1]).toBeCloseTo(0.1234, 6);
    expect(Object.keys(scalars)).not.toContain("val/auc");
    expect(texts.config).toEqual(["`{ epochs: 8 }`"]);
  },
);

test.skipIf(!hasTensorBoard)(
  "TensorBoard shows no step twice after two resumes (needs .venv with tensorboard)",
  async () => {
    await writeEpochs(0, 6, 0);
    await writeEpochs(4, 7, 100);
    await writeEpochs(2, 8, 200);
    const points = readBoard().scalars["loss/pair"]?.map(([step, value]) => [step, value]);
    expect(points).toEqual([[0, 0], [1, 1], ...[2, 3, 4, 5, 6, 7].map((epoch) => [epoch, 200 + epoch])]);
  },
);

/** What the HPARAMS tab gets from TensorBoard's own plugin: its columns, and each run's settings, status and metrics. */
const HPARAMS_READER = `
import json, sys
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups
runs = plugin_event_multiplexer.EventMultiplexer(); runs.AddRunsFromDirectory(sys.argv[1]); runs.Reload()
provider = data_provider.MultiplexerDataProvider(runs, sys.argv[1])
context = backend_context.Context(base_plugin.TBContext(data_provider=provider))
ctx = RequestContext()
metadata = context.hparams_metadata(ctx, "")
experiment = context.experiment_from_metadata(ctx, "", True, metadata, [])
columns = [(info.name, api_pb2.DataType.Name(info.type)) for info in experiment.hparam_infos]
request = api_pb2.ListSessionGroupsRequest(slice_size=10, include_metrics=True,
    col_params=[api_pb2.ColParams(metric=m.name) for m in experiment.metric_infos],
    allowed_statuses=[api_pb2.STATUS_SUCCESS, api_pb2.STATUS_UNKNOWN, api_pb2.STATUS_RUNNING])
groups = list_session_groups.Handler(ctx, context, "", request).run().session_groups
value = lambda v: getattr(v, v.WhichOneof("kind"))
print(json.dumps({"columns": columns, "runs": {g.name: {
    "settings": {k: value(v) for k, v in g.hparams.items()},
    "status": api_pb2.Status.Name(g.sessions[0].status),
    "metrics": {m.name.tag: m.value for m in g.metric_values}} for g in groups}}))
`;
interface HparamsTab {
  columns: [name: string, type: string][];
  runs: Record<string, { settings: object; status: string; metrics: Record<string, number> }>;
}

async function writeRun(name: string, rate: number, valAuc: number | null): Promise<void> {
  const writer = await TensorBoardWriter.open(join(run, name), 0);
  await writer.hyperparameters(name, { learningRate: rate, useSwa: true, text: "minilm" });
  await writer.epoch(epochRecord(0));
  if (valAuc !== null) await writer.finished({ plain: { valAuc: 0.1, valCorr: null }, swa: { valAuc, valCorr: 0.3 } });
  await writer.close();
}

test.skipIf(!hasTensorBoard)(
  "TensorBoard's HPARAMS tab has each run's settings by type, its status and its final metrics (needs .venv with tensorboard)",
  async () => {
    await writeRun("first", 1e-5, 0.55);
    await writeRun("second", 5e-5, 0.625);
    await writeRun("running", 1e-4, null);
    const read = execFileSync(PYTHON, ["-c", HPARAMS_READER, run], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { columns, runs } = JSON.parse(read) as HparamsTab;
    expect(Object.fromEntries(columns)).toEqual({
      learningRate: "DATA_TYPE_FLOAT64",
      useSwa: "DATA_TYPE_BOOL",
      text: "DATA_TYPE_STRING",
    });
    expect(runs.second).toMatchObject({
      settings: { learningRate: 5e-5, useSwa: true, text: "minilm" },
      status: "STATUS_SUCCESS",
      metrics: { "final/val_auc": 0.625, "loss/pair": expect.closeTo(0.2453, 6) },
    });
    expect(runs.first?.metrics["final/val_auc"]).toBeCloseTo(0.55, 6);
    expect(runs.running?.status).not.toBe("STATUS_SUCCESS");
    expect(runs.running?.metrics).not.toHaveProperty("final/val_auc");
  },
);
