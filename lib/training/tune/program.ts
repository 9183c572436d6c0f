// Times training steps for the process that started it: program.ts TASK. A process of its own, for the threads within an
// operation are those of the first session of a process.
import { openEngine } from "../../engine";
import { ThumbnailRankingModel } from "../../model";
import { TrainingPipeline } from "../pipeline";
import { timeSteps } from "../time-steps";
import { standInData } from "./stand-in";
import type { Task } from "./work";

const WARM_STEPS = 5;

async function main({ clipDim, textDim, hiddenDim, training, engine: options, choices }: Task): Promise<void> {
  const data = standInData(clipDim, textDim, training.batchSize);
  const model = new ThumbnailRankingModel({ clipDim, textDim, hiddenDim });
  const pipelines: TrainingPipeline[] = [];
  for (const threads of choices) {
    const engine = await openEngine({ ...options, backend: "tensorflow", ...threads });
    const pipeline = new TrainingPipeline({ ...training, model, engine, data });
    await timeSteps(pipeline, WARM_STEPS);
    pipelines.push(pipeline);
  }
  process.on("message", ({ choice, steps }: { choice: number; steps: number }) => {
    void timeSteps(pipelines[choice] as TrainingPipeline, steps).then((times) => process.send?.({ times }));
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ times: [] });
}

main(JSON.parse(process.argv[2] as string) as Task).catch((failure: unknown) => {
  process.send?.({ failure: failure instanceof Error ? failure.message : String(failure) });
  process.exitCode = 1;
});
