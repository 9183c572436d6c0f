import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { DeviceSettings, type EngineFlags, engineOptions } from "./engine-flags";
import { type Evaluated, evaluateModel } from "./evaluate-model";
import { ModelFolder, Path, PlainName } from "./fields";
import { finishedRun, type RunFlags, RunSettings } from "./run-files";

const EvaluateSettings = RunSettings.extend({
  model: Path.optional().meta({
    placeholder: "model",
    form: "NAME@VERSION, a path such as models/first, or the name of a run",
    description:
      "exported model, as name@version or by its folder, to be measured on all channels of this home that it was not trained on; a plain name is the guide's name for --run",
  }),
  modelDir: ModelFolder,
}).meta({ title: "Run" });

export const evaluateCommand = defineCommand({
  name: "evaluate",
  group: "Results",
  summary: "measure a trained run on unseen channels and on later videos, beside baselines, and write its report",
  settings: { run: EvaluateSettings, engine: DeviceSettings, common: CommonSettings },
  examples: [
    "",
    "--run first --device cpu",
    "--model first@2",
    "--model first/models/thumbnail_ranking_model --data-dir other",
  ],
  async run({ run: { model, modelDir, ...chosen }, engine, common }) {
    const isName = model === undefined || PlainName.safeParse(model).success;
    const { json, text } = isName
      ? await evaluateRun({ ...chosen, run: model ?? chosen.run, ...engine, ...common })
      : await evaluateModel(model, { ...common, modelDir });
    answer(common, json, text);
  },
});

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
