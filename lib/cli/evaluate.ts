import { Command } from "commander";
import type { EvaluationJson } from "../evaluation";
import { answer, common } from "./context";
import { deviceOption, type EngineFlags, engineOptions } from "./engine-flags";
import { finishedRun, type RunFlags, runOptions } from "./run-files";

export function evaluateCommand(): Command {
  const command = new Command("evaluate").description(
    "measure a trained run on unseen channels and on later videos, beside baselines, and write its report",
  );
  return common(deviceOption(runOptions(command)).option("--model <name>", "the guide's name for --run")).action(
    async (flags: EvaluateFlags & { model?: string }) => {
      const { json, text } = await evaluateRun({ ...flags, run: flags.model ?? flags.run });
      answer(flags, json, text);
    },
  );
}

/** What an evaluation leaves: the object of `--json`, its text, and the report's file. */
export interface Evaluated {
  json: EvaluationJson;
  text: string;
  file: string;
}

type EvaluateFlags = RunFlags & Pick<EngineFlags, "device">;

/** Evaluates a finished run, writes its report, and keeps the figures beside it and in the store. */
export async function evaluateRun(flags: EvaluateFlags): Promise<Evaluated> {
  const { diagnose, diagnosisLines, keepEvaluation, measureRun, summaryLines } = await import("../evaluation");
  const run = await finishedRun(flags);
  const report = await measureRun(run, engineOptions({ device: flags.device }));
  const diagnosis = diagnose(run.history, report, run);
  const { json, file, missingPictures } = await keepEvaluation(run, report, diagnosis);
  const missing = missingPictures === 0 ? [] : [`${missingPictures} pictures of the report could not be read`];
  const lines = [...summaryLines(report), ...diagnosisLines(diagnosis), ...missing, `report: ${file}`];
  return { json, file, text: lines.join("\n") };
}
