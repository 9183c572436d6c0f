/**
 * Trains a small world as a run with a rolling checkpoint every third step, from the latest one on, and prints what the
 * training ends with: train-run.ts FOLDER EPOCHS [STEPS DELAY_MS]. After so many steps and a delay it kills itself, in the
 * midst of whatever it does then.
 */
import { writeSync } from "node:fs";
import { openEngine } from "../../../lib/engine";
import { ThumbnailRankingModel } from "../../../lib/model";
import { TrainingPipeline, trainRun } from "../../../lib/runs";
import { digestOf, ofWeights } from "../../training/digest";
import { planted } from "../../training/planted";

async function main(folder: string, numEpochs: number, steps: number, delayMs: number): Promise<void> {
  const engine = await openEngine();
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 2 });
  const pipeline = new TrainingPipeline({ model, engine, data: planted(), seed: 2, learningRate: 1e-2, swaStart: 2 });
  const paths = { checkpoints: folder, models: folder, runs: folder };
  const events = trainRun({ name: "run", paths, pipeline, numEpochs, checkpointSteps: 3, resume: "latest" });
  let done = 0;
  for await (const { kind } of events)
    if (kind === "step" && ++done === steps) setTimeout(() => process.kill(process.pid, "SIGKILL"), delayMs);
  const trained = ofWeights(pipeline.trained?.weights ?? {});
  writeSync(1, `${JSON.stringify({ ...digestOf(await pipeline.state()), trained })}\n`);
  engine.dispose();
}

const [folder, ...numbers] = process.argv.slice(2) as [string, ...string[]];
main(folder, ...(numbers.map(Number) as [number, number, number])).catch((error: unknown) => {
  writeSync(2, String(error));
  process.exit(1);
});
