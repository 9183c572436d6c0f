import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { finishedRun, RunSettings } from "./run-files";

export const diagnoseCommand = defineCommand({
  name: "diagnose",
  group: "Results",
  summary:
    "check a trained run for common issues: AUC stuck at 0.5, low correlation, overfitting, trained too long, pictures that add nothing, a label that follows upload time",
  settings: { run: RunSettings, common: CommonSettings },
  examples: ["", "--run first --json"],
  async run({ run: chosen, common }) {
    const { diagnose, diagnosisLines, measureRun } = await import("../evaluation");
    const run = await finishedRun({ ...chosen, ...common });
    const report = await measureRun(run);
    const diagnosis = diagnose(run.history, report, run);
    answer(common, diagnosis, diagnosisLines(diagnosis).join("\n"));
  },
});
