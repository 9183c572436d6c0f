import { basename } from "node:path";
import { countViewsUnits } from "../features";
import { exists } from "../files";
import { calibrate } from "../metrics";
import { adjustedScores, type FinishedRun, predictRun, runFolder, tunedFolder } from "../runs";
import type { Fold } from "../store";
import { exportModel } from "./export-model";
import { scoreQuantiles } from "./percentile";

/**
 * Exports a finished run as a new version of `models/<its name>/`.
 * @param metrics results of its evaluation
 * @returns the version's folder
 */
export async function exportRun(run: FinishedRun, metrics: Record<string, unknown>): Promise<string> {
  const { name, model, data, training, dataHash } = run;
  const { scores } = await predictRun(run);
  const { channelOffsets } = run;
  const adjusted = channelOffsets === undefined ? scores : adjustedScores(data, scores, channelOffsets);
  return exportModel(run.paths.models, {
    name,
    weights: model.weights,
    config: { model: model.options, training },
    identities: data.identities,
    calibration: calibrate(data.pairs.validation, scores),
    percentiles: scoreQuantiles(data.videos, adjusted),
    metrics,
    viewsUnits: countViewsUnits(data.videos),
    dataHash,
    trainingChannels: trainingChannels(data.videos),
    channelOffsets,
    tower: await tunedTower(run),
  });
}

/** Folder of the tower that a run fine-tuned; undefined if its data are of another encoder. */
async function tunedTower({ name, paths, data }: FinishedRun): Promise<string | undefined> {
  const folder = tunedFolder(runFolder(paths, name));
  return basename(folder) === data.identities.image.model && (await exists(folder)) ? folder : undefined;
}

/** Channels that training saw: those of the folds that it learned from or that chose its settings, each once. */
export function trainingChannels(videos: readonly { channelId: string; fold: Fold }[]): string[] {
  return [...new Set(videos.flatMap(({ channelId, fold }) => (fold === "test" ? [] : [channelId])))];
}
