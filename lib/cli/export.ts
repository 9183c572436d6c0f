import { Command } from "commander";
import { answer, common, say } from "./context";
import { finishedRun, type RunFlags, runOptions } from "./run-files";

export function exportCommand(): Command {
  const command = new Command("export").description(
    "pack a trained run as models/<run>/: weights, ONNX, and a card with calibration and metrics",
  );
  return common(runOptions(command)).action(async (flags: RunFlags) => {
    const folder = await exportRun(flags);
    answer(flags, { folder }, `exported: ${folder}`);
  });
}

/** Exports a finished run with the metrics that `evaluate` left; says so where there are none. */
export async function exportRun(flags: RunFlags): Promise<string> {
  const { exportRun } = await import("../deployment");
  const { keptEvaluation } = await import("../evaluation");
  const run = await finishedRun(flags);
  const metrics = await keptEvaluation(run);
  if (metrics === null) {
    say("this run was not evaluated: the model goes without metrics (`thumbrank evaluate` first adds them)");
  }
  return exportRun(run, metrics ?? {});
}
