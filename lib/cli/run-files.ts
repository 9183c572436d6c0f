import { z } from "zod";
import { finish } from "../base";
import { MODEL_NAME, resolvePaths } from "../config";
import { GEOMETRIES } from "../embedding/encoders";
import type { DataOptions, TrainingData } from "../features";
import type { FinishedRun } from "../runs";
import { assertVideos, type CommonFlags, say } from "./context";
import { PLAIN_NAME_FORM, PlainName, plainText } from "./fields";
import { progressBar } from "./progress";

/** Which run a command is about, and which embeddings it uses. */
export const RunSettings = z
  .strictObject({
    run: PlainName.default(MODEL_NAME).meta({
      placeholder: "name",
      form: PLAIN_NAME_FORM,
      description: "name of the run: folder below checkpoints/, runs/ and models/",
    }),
    image: plainText(100).optional().meta({
      placeholder: "encoder",
      description: "whose image embeddings to use, if there are several",
    }),
    geometry: z.enum(GEOMETRIES).optional().meta({
      description: "geometry of the image embeddings to use, if there are several",
    }),
    text: plainText(100).optional().meta({
      placeholder: "encoder",
      description: "whose title embeddings to use, if there are several",
    }),
  })
  .meta({ title: "Run" });

/** Flags of commands about one training run. */
export type RunFlags = CommonFlags & z.output<typeof RunSettings>;

/** Loads the training data of a home, and prints how many videos were left out. */
export async function loadData(flags: RunFlags, options: DataOptions): Promise<TrainingData> {
  const { loadFeatures } = await import("../features");
  const { data, withoutVectors } = await finish(
    loadFeatures(resolvePaths(flags.dataDir), options, flags),
    progressBar(),
  );
  if (withoutVectors.length > 0) say(`${withoutVectors.length} rated videos have no embedding and are left out`);
  return data;
}

/** Checks that the run named by the flags was started. @throws NoVideos if the home is empty, else RunUnknown */
export async function assertRun(flags: RunFlags): Promise<void> {
  const { assertRunBegun, RunUnknown } = await import("../runs");
  try {
    await assertRunBegun(resolvePaths(flags.dataDir), flags.run);
  } catch (thrown) {
    if (thrown instanceof RunUnknown && thrown.runs.length === 0) await assertVideos(flags);
    throw thrown;
  }
}

/** Loads the finished run named by the flags, with the data it was trained on. */
export async function finishedRun(flags: RunFlags): Promise<FinishedRun> {
  const { finishedRun } = await import("../runs");
  await assertRun(flags);
  return finishedRun(resolvePaths(flags.dataDir), flags.run, flags, progressBar());
}
