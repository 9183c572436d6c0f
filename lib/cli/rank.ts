import { z } from "zod";
import {
  DecisionThreshold,
  MODEL_NAME,
  MODEL_REFERENCE,
  MODEL_REFERENCE_FORM,
  MOST_TITLES,
  resolvePaths,
} from "../config";
import type { LoadedModel, Ranking } from "../deployment";
import { defineCommand } from "./command";
import { answer, assertVideos, type CommonFlags, CommonSettings, say } from "./context";
import { ModelFolder, Path, plainText } from "./fields";
import { rankingText } from "./ranking-text";

const RankSettings = z
  .strictObject({
    title: z
      .array(plainText(500))
      .max(MOST_TITLES)
      .default([])
      .meta({
        placeholder: "text",
        form: `given at most ${MOST_TITLES} times, each time with 1 to 500 characters and no control characters`,
        description: "the video's title; repeat it to try every picture with every title",
      }),
    channel: plainText(64).optional().meta({
      placeholder: "id",
      description: "channel whose own scores the percentiles refer to, where the model knows it",
    }),
    model: z.string().regex(MODEL_REFERENCE).default(MODEL_NAME).meta({
      placeholder: "name[@version]",
      form: MODEL_REFERENCE_FORM,
      description: "exported model: folder below models/, its current version unless one is named",
    }),
    modelDir: ModelFolder,
    threshold: DecisionThreshold,
    html: Path.optional().meta({
      placeholder: "file",
      description: "also write the ranking as a page, for people who do not use a terminal",
    }),
  })
  .meta({ title: "Ranking" });
type RankFlags = CommonFlags & z.input<typeof RankSettings>;

export const rankCommand = defineCommand({
  name: "rank",
  group: "Results",
  summary: "rank thumbnails of one channel, best first",
  operands: [{ name: "<image...>", description: "picture files: JPEG, PNG or WebP" }],
  settings: { ranking: RankSettings, common: CommonSettings },
  examples: [
    'a.jpg b.jpg c.jpg --title "I built a robot"',
    'a.jpg b.jpg --title "I built a robot" --title "My robot learned to walk"',
    "a.jpg b.jpg --html ranking.html",
  ],
  async run({ ranking: chosen, common }, images) {
    const ranking = await rankFiles(images, { ...chosen, ...common });
    if (chosen.html !== undefined) await writePage(ranking, chosen.html);
    answer(common, ranking, rankingText(ranking));
  },
});

/** Writes the ranking as a page and prints where. */
async function writePage(ranking: Ranking, file: string): Promise<void> {
  const { writeRankingPage } = await import("../deployment");
  await writeRankingPage(ranking, file);
  say(`page: ${file}`);
}

/** Ranks picture files with an exported model. */
export async function rankFiles(images: string[], flags: RankFlags): Promise<Ranking> {
  const { openEncoders, rank } = await import("../deployment");
  const { title: titles = [], channel: channelId, threshold, modelDir, model: reference = MODEL_NAME } = flags;
  const model = await openModel(flags, reference);
  const encoders = await openEncoders(model, { announce: say, ...(modelDir !== undefined && { modelDir }) });
  try {
    return await rank({ model, encoders, images: images.map((image) => ({ image })), titles, channelId, threshold });
  } finally {
    await Promise.all([encoders.image.close(), encoders.text.close()]);
  }
}

/** Loads the exported model that the flags name. @throws NoVideos if there is no model at all and the home is empty */
async function openModel(flags: CommonFlags, reference: string): Promise<LoadedModel> {
  const { loadModel, ModelMissing, resolveModel } = await import("../deployment");
  try {
    const { folder } = await resolveModel(resolvePaths(flags.dataDir).models, reference);
    return await loadModel(folder);
  } catch (thrown) {
    if (thrown instanceof ModelMissing && thrown.models.length === 0) await assertVideos(flags);
    throw thrown;
  }
}
