import { basename } from "node:path";
import { defineCommand } from "./command";
import { answer, CommonSettings, say } from "./context";
import { finishedRun, type RunFlags, RunSettings } from "./run-files";

export const exportCommand = defineCommand({
  name: "export",
  group: "Results",
  summary: "pack a trained run as a new version of models/<run>/: weights, ONNX, and a card with its metrics",
  settings: { run: RunSettings, common: CommonSettings },
  examples: ["", "--run first"],
  async run({ run, common }) {
    const folder = await exportRun({ ...run, ...common });
    answer(common, { folder, name: run.run, version: Number(basename(folder)) }, `exported: ${folder}`);
  },
});

/**
 * Exports a finished run with the metrics that `evaluate` saved; prints a message if there are none.
 * @returns the folder of the new version
 */
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
