import { join } from "node:path";
import { Command } from "commander";
import type { EvaluationJson } from "../evaluation";
import { writeWhole } from "../files";
import { answer, common, withStore } from "./context";
import { finishedRun, type RunFlags, runOptions } from "./run-files";
import { measure } from "./run-measures";

/** Where `evaluate` leaves its JSON in a run's folder, for `export`. */
export const EVALUATION_FILE = "evaluation.json";

export function evaluateCommand(): Command {
  const command = new Command("evaluate").description(
    "measure a trained run on unseen channels and on later videos, beside baselines, and write its report",
  );
  return common(runOptions(command).option("--model <name>", "the guide's name for --run")).action(
    async (flags: RunFlags & { model?: string }) => {
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

/** Evaluates a finished run, writes its report, and keeps the figures beside it and in the store. */
export async function evaluateRun(flags: RunFlags): Promise<Evaluated> {
  const { diagnose, diagnosisLines, summaryLines, toJson, writeReport } = await import("../evaluation");
  const { picturePath } = await import("../store");
  const run = await finishedRun(flags);
  const report = await measure(run);
  const { history, paths, folder } = run;
  const diagnosis = diagnose(history, report, run);
  const file = join(folder, "report.html");
  const pictures = picturePath.bind(null, paths.thumbnails);
  const { missingPictures } = await writeReport(report, { file, pictures, history, diagnosis });
  const json = toJson(report);
  await keep(flags, join(folder, EVALUATION_FILE), run.dataHash, json);
  const missing = missingPictures === 0 ? [] : [`${missingPictures} pictures of the report could not be read`];
  const lines = [...summaryLines(report), ...diagnosisLines(diagnosis), ...missing, `report: ${file}`];
  return { json, file, text: lines.join("\n") };
}

async function keep(flags: RunFlags, file: string, dataHash: string, json: EvaluationJson): Promise<void> {
  await writeWhole(file, `${JSON.stringify(json, null, 2)}\n`);
  const evaluation = { model: flags.run, evaluatedAt: new Date(), dataHash, metrics: { ...json } };
  await withStore(flags, (store) => store.saveEvaluation(evaluation));
}
