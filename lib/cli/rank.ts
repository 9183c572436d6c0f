import { Command } from "commander";
import { pathsOf } from "../config";
import type { Ranking } from "../deployment";
import { answer, type CommonFlags, common, say } from "./context";
import { rankingText } from "./ranking-text";
import { RUN } from "./run-files";

interface RankFlags extends CommonFlags {
  model: string;
  title?: string;
  channel?: string;
  modelDir?: string;
  html?: string;
}

export function rankCommand(): Command {
  return common(
    new Command("rank")
      .description("rank thumbnails of one channel, best first")
      .argument("<image...>", "picture files: JPEG, PNG or WebP")
      .option("--title <text>", "the video's title; one for all pictures")
      .option("--channel <id>", "channel whose own scores the percentiles refer to, where the model knows it")
      .option("--model <name>", "folder below models/", RUN)
      .option("--model-dir <folder>", "folder with the encoders in the hub's layout, where the hub is out of reach")
      .option("--html <file>", "also write the ranking as a page, for people who read no terminals")
      .configureOutput({ outputError: (message, write) => write(message + dashHint(message)) }),
  ).action(async (images: string[], flags: RankFlags) => {
    const ranking = await rankFiles(images, flags);
    if (flags.html !== undefined) await writePage(ranking, flags.html, flags.title);
    answer(flags, ranking, rankingText(ranking));
  });
}

/** What to do where a picture's name was taken for a flag. */
function dashHint(message: string): string {
  const name = /unknown option '(-.*\.(?:jpe?g|jfif|png|webp))'/i.exec(message)?.[1];
  return name === undefined ? "" : `Next: to name a picture that begins with a dash, write ./${name}\n`;
}

/** Writes the ranking as a page and says where. */
async function writePage(ranking: Ranking, file: string, title?: string): Promise<void> {
  const { writeRankingPage } = await import("../deployment");
  await writeRankingPage(ranking, { file, title });
  say(`page: ${file}`);
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
