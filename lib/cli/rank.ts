import { basename } from "node:path";
import { Command } from "commander";
import { pathsOf } from "../config";
import type { Ranking } from "../deployment";
import { answer, type CommonFlags, common } from "./context";
import { RUN } from "./run-files";
import { table } from "./table";

interface RankFlags extends CommonFlags {
  model: string;
  title?: string;
  channel?: string;
  modelDir?: string;
}

export function rankCommand(): Command {
  return common(
    new Command("rank")
      .description("rank thumbnails of one channel, best first")
      .argument("<image...>", "picture files")
      .option("--title <text>", "the video's title; one for all pictures")
      .option("--channel <id>", "channel whose own scores the percentiles refer to, where the model knows it")
      .option("--model <name>", "folder below models/", RUN)
      .option("--model-dir <folder>", "folder with the encoders in the hub's layout, where the hub is out of reach"),
  ).action(async (images: string[], flags: RankFlags) => {
    const ranking = await rankFiles(images, flags);
    answer(flags, ranking, rankingText(ranking));
  });
}

/** Ranks picture files by an exported model. */
export async function rankFiles(images: string[], flags: RankFlags): Promise<Ranking> {
  const { loadModel, modelFolder, openEncoders, rank } = await import("../deployment");
  const { title, channel, modelDir } = flags;
  const model = await loadModel(modelFolder(pathsOf(flags.dataDir).models, flags.model));
  const encoders = await openEncoders(model.card, modelDir === undefined ? {} : { modelDir });
  try {
    const candidates = images.map((image) => ({ image, ...(title === undefined ? {} : { title }) }));
    return await rank({
      model,
      encoders,
      images: candidates,
      ...(channel === undefined ? {} : { channelId: channel }),
    });
  } finally {
    await Promise.all([encoders.image.close(), encoders.text.close()]);
  }
}

/** Ranking, probabilities and sub-scores as tables, and what they mean. */
export function rankingText({ ranking, winProbability, note }: Ranking): string {
  const names = ranking.map(({ image }) => basename(image));
  const heads = Object.keys(ranking[0]?.subScores ?? {});
  const rows = ranking.map(({ score, percentile, subScores }, place) => [
    ...[place + 1, names[place] ?? "", score.toFixed(3), percentile.toFixed(0)],
    ...Object.values(subScores).map((value) => value.toFixed(2)),
  ]);
  const beats = winProbability.map((row, place) => [
    names[place] ?? "",
    ...row.map((value) => `${(100 * value).toFixed(0)} %`),
  ]);
  return [
    table(["", "image", "score", "percentile", ...heads], rows),
    `Probability that the row beats the column:\n${table(["", ...names], beats)}`,
    note,
  ].join("\n\n");
}
