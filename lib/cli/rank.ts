import { z } from "zod";
import { MODEL_NAME, resolvePaths } from "../config";
import type { LoadedModel, Ranking } from "../deployment";
import { defineCommand } from "./command";
import { answer, assertVideos, type CommonFlags, CommonSettings, say } from "./context";
import { ModelFolder, Path, PLAIN_NAME_FORM, PlainName, plainText } from "./fields";
import { rankingText } from "./ranking-text";

const RankSettings = z
  .strictObject({
    title: plainText(500).optional().meta({ description: "the video's title; one for all pictures" }),
    channel: plainText(64).optional().meta({
      placeholder: "id",
      description: "channel whose own scores the percentiles refer to, where the model knows it",
    }),
    model: PlainName.default(MODEL_NAME).meta({
      placeholder: "name",
      form: PLAIN_NAME_FORM,
      description: "name of the exported model: folder below models/",
    }),
    modelDir: ModelFolder,
    html: Path.optional().meta({
      placeholder: "file",
      description: "also write the ranking as a page, for people who do not use a terminal",
    }),
  })
  .meta({ title: "Ranking" });
type RankFlags = CommonFlags & z.output<typeof RankSettings>;

export const rankCommand = defineCommand({
  name: "rank",
  group: "Results",
  summary: "rank thumbnails of one channel, best first",
  operands: [{ name: "<image...>", description: "picture files: JPEG, PNG or WebP" }],
  settings: { ranking: RankSettings, common: CommonSettings },
  examples: ['a.jpg b.jpg c.jpg --title "I built a robot"', "a.jpg b.jpg --html ranking.html"],
  async run({ ranking: chosen, common }, images) {
    const ranking = await rankFiles(images, { ...chosen, ...common });
    if (chosen.html !== undefined) await writePage(ranking, chosen.html, chosen.title);
    answer(common, ranking, rankingText(ranking));
  },
});

/** Writes the ranking as a page and prints where. */
async function writePage(ranking: Ranking, file: string, title?: string): Promise<void> {
  const { writeRankingPage } = await import("../deployment");
  await writeRankingPage(ranking, { file, title });
  say(`page: ${file}`);
}

/** Ranks picture files with an exported model. */
export async function rankFiles(images: string[], flags: RankFlags): Promise<Ranking> {
  const { openEncoders, rank } = await import("../deployment");
  const { title, channel, modelDir } = flags;
  const model = await openModel(flags);
  const encoders = await openEncoders(model.card, { announce: say, ...(modelDir !== undefined && { modelDir }) });
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

/** Loads the exported model that the flags name. @throws NoVideos if there is no model at all and the home is empty */
async function openModel(flags: RankFlags): Promise<LoadedModel> {
  const { loadModel, ModelMissing, modelFolder } = await import("../deployment");
  try {
    return await loadModel(modelFolder(resolvePaths(flags.dataDir).models, flags.model));
  } catch (thrown) {
    if (thrown instanceof ModelMissing && thrown.models.length === 0) await assertVideos(flags);
    throw thrown;
  }
}
