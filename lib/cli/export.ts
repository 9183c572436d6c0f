import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { answer, common, say } from "./context";
import { EVALUATION_FILE } from "./evaluate";
import { finishedRun, type RunFlags, runOptions } from "./run-files";
import { predict } from "./run-measures";

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
  const { exportModel, scoreQuantiles } = await import("../deployment");
  const run = await finishedRun(flags);
  const { calibrate } = await import("../training");
  const { scores } = await predict(run);
  const { model, data, training } = run;
  const metrics = await metricsOf(join(run.folder, EVALUATION_FILE));
  return exportModel(run.paths.models, {
    ...{ name: flags.run, weights: model.weights, config: { model: model.options, training } },
    ...{
      identities: data.identities,
      calibration: calibrate(data.pairs.validation, scores),
      metrics,
      dataHash: run.dataHash,
    },
    percentiles: scoreQuantiles(data.videos, scores),
  });
}

async function metricsOf(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text !== null) return JSON.parse(text) as Record<string, unknown>;
  say("this run was not evaluated: the model goes without metrics (`thumbrank evaluate` first adds them)");
  return {};
}
