// npm run bench profile [-- --batch 16 --steps 100 --inter 2 --intra 1 --rows 20]
// Which of TensorFlow's operations a training step spends its time in.
import { parseArgs } from "node:util";
import * as koffi from "koffi";
import { TrainingOptions } from "../lib/config";
import { openEngine } from "../lib/engine";
import { findLibrary } from "../lib/engine/native/library";
import { loadTensorFlow } from "../lib/engine/native/load";
import { TrainingPipeline } from "../lib/runs";
import { timeSteps } from "../lib/training";
import { nodesOf, type TimedNode } from "./profile/metadata";
import { profileTable } from "./profile/table";
import { freshModel, worldOf } from "./training/world";

/** RunOptions { trace_level: SOFTWARE_TRACE } (tensorflow/core/protobuf/config.proto). */
const SOFTWARE_TRACE = Uint8Array.of(8, 1);
const WARM_STEPS = 30;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      batch: { type: "string", default: "16" },
      steps: { type: "string", default: "100" },
      inter: { type: "string", default: "2" },
      intra: { type: "string", default: "1" },
      rows: { type: "string", default: "20" },
    },
  });
  const { batch, steps, inter, intra, rows } = values;
  const engine = await openEngine({
    backend: "tensorflow",
    interOpThreads: Number(inter),
    intraOpThreads: Number(intra),
  });
  // One step a call, and all in one epoch, for at its end comes a validation, which is no step.
  const data = worldOf({ videos: 4096, pairs: Number(batch) * (WARM_STEPS + Number(steps) + 2) });
  const settings = TrainingOptions.parse({ batchSize: Number(batch) });
  const pipeline = new TrainingPipeline({ ...settings, model: freshModel(), engine, data, lossesEvery: 1 });
  await timeSteps(pipeline, WARM_STEPS);
  const runs: TimedNode[][] = [];
  watchRuns((metadata) => runs.push(nodesOf(metadata)));
  await timeSteps(pipeline, Number(steps));
  console.log(profileTable(runs, Number(rows)).join("\n"));
  pipeline.dispose();
  engine.dispose();
}

/** From now on every run of a session is traced, and what TensorFlow says of it is told. */
function watchRuns(tell: (metadata: Uint8Array) => void): void {
  const path = findLibrary().path;
  const api = loadTensorFlow(path);
  const library = koffi.load(path);
  koffi.struct("TraceBuffer", { data: "uintptr_t", length: "size_t", free: "void *" });
  const newBuffer = library.func("uintptr_t TF_NewBuffer()");
  const newFilled = library.func("uintptr_t TF_NewBufferFromString(void *bytes, size_t length)");
  const getBuffer = library.func("TraceBuffer TF_GetBuffer(uintptr_t buffer)");
  const deleteBuffer = library.func("void TF_DeleteBuffer(uintptr_t buffer)");
  const options = newFilled(SOFTWARE_TRACE, SOFTWARE_TRACE.length) as number;
  const run = api.TF_SessionRun;
  const traced: typeof run = (session, _options, ...others) => {
    const metadata = newBuffer() as number;
    const [inputs, tensors, fed, outputs, results, fetched, targets, count, , status] = others;
    run(session, options, inputs, tensors, fed, outputs, results, fetched, targets, count, metadata, status);
    const { data: address, length } = getBuffer(metadata) as { data: number; length: number };
    const bytes = new Uint8Array(length);
    api.copyOut(bytes, address);
    deleteBuffer(metadata);
    tell(bytes);
  };
  Object.assign(api, {
    TF_SessionRun: traced,
    sessionRunAsync: async (...values: Parameters<typeof run>) => traced(...values),
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
