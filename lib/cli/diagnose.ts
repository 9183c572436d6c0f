import { Command } from "commander";
import { answer, common } from "./context";
import { finishedRun, type RunFlags, runOptions } from "./run-files";

export function diagnoseCommand(): Command {
  const command = new Command("diagnose").description(
    "look for the guide's common issues in a trained run: AUC stuck at 0.5, low correlation, overfitting",
  );
  return common(runOptions(command)).action(async (flags: RunFlags) => {
    const { diagnose, diagnosisLines, measureRun } = await import("../evaluation");
    const run = await finishedRun(flags);
    const report = await measureRun(run);
    const diagnosis = diagnose(run.history, report, run);
    answer(flags, diagnosis, diagnosisLines(diagnosis).join("\n"));
  });
}
