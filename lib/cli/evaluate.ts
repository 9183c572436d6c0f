import type { EvaluationJson } from "../evaluation";
import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { DeviceSettings, type EngineFlags, engineOptions } from "./engine-flags";
import { PLAIN_NAME_FORM, PlainName } from "./fields";
import { finishedRun, type RunFlags, RunSettings } from "./run-files";

const EvaluateSettings = RunSettings.extend({
  model: PlainName.optional().meta({
    placeholder: "name",
    form: PLAIN_NAME_FORM,
    description: "the guide's name for --run",
  }),
}).meta({ title: "Run" });

export const evaluateCommand = defineCommand({
  name: "evaluate",
  group: "Results",
  summary: "measure a trained run on unseen channels and on later videos, beside baselines, and write its report",
  settings: { run: EvaluateSettings, engine: DeviceSettings, common: CommonSettings },
  examples: ["", "--run first --device cpu"],
  async run({ run: { model, ...chosen }, engine, common }) {
    const { json, text } = await evaluateRun({ ...chosen, run: model ?? chosen.run, ...engine, ...common });
    answer(common, json, text);
  },
});

/** The result of an evaluation: the object of `--json`, its text, and the report's file. */
export interface Evaluated {
  json: EvaluationJson;
  text: string;
  file: string;
}

type EvaluateFlags = RunFlags & Pick<EngineFlags, "device">;

/** Evaluates a finished run, writes its report, and saves the metrics next to it and in the store. */
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
