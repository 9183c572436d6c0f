import { resolve } from "node:path";
import { finish, listed } from "../base";
import { MODEL_REFERENCE, resolvePaths } from "../config";
import type { HomePredictions } from "../deployment";
import type { EvaluationJson, EvaluationReport } from "../evaluation";
import { assertVideos, type CommonFlags, say } from "./context";
import { progressBar } from "./progress";

/** Flags about an exported model and its encoders. */
type ModelFlags = CommonFlags & { modelDir?: string | undefined };

/** The result of an evaluation: the object of `--json`, its text, and the report's file. */
export interface Evaluated {
  json: EvaluationJson;
  text: string;
  file: string;
}

/**
 * Evaluates an exported model on the videos of the home, embeds what it needs, writes its report, and saves the figures
 * next to it and in the store.
 * @param named a reference such as `first@2`, or the path of a model's folder
 */
export async function evaluateModel(named: string, flags: ModelFlags): Promise<Evaluated> {
  const { evaluateExported, keepExported, summaryLines } = await import("../evaluation");
  const { loadModel, openEncoders, predictHome, resolveModel, resolveModelPath } = await import("../deployment");
  const { readTrueAppeal } = await import("../dataset");
  const paths = resolvePaths(flags.dataDir);
  await assertVideos(flags);
  const isReference = MODEL_REFERENCE.test(named);
  const model = await loadModel(
    isReference ? (await resolveModel(paths.models, named)).folder : await resolveModelPath(resolve(named)),
  );
  const { modelDir } = flags;
  const encoders = await openEncoders(model, { announce: say, ...(modelDir !== undefined && { modelDir }) });
  try {
    const { data, predictions, ...embedding } = await finish(predictHome(model, encoders, paths), progressBar());
    sayEmbedded(embedding);
    const trueAppeal = await readTrueAppeal({ paths, data });
    const report = evaluateExported({ model: model.card, data, predictions, trueAppeal });
    sayKnown(report);
    const { json, file, missingPictures } = await keepExported(paths, report);
    const missing = missingPictures === 0 ? [] : [`${missingPictures} pictures of the report could not be read`];
    return { json, file, text: [...summaryLines(report), ...missing, `report: ${file}`].join("\n") };
  } finally {
    await Promise.all([encoders.image.close(), encoders.text.close(), model.close()]);
  }
}

function sayEmbedded({ embedded, withoutVectors }: Pick<HomePredictions, "embedded" | "withoutVectors">): void {
  for (const { identity, embedded: count } of [embedded.image, embedded.text])
    if (count > 0) say(`${identity.kind} by ${identity.model}: ${count} embedded for this model`);
  if (withoutVectors.length > 0) say(`${withoutVectors.length} rated videos have no embedding and are left out`);
}

/** Announces which channels are left out, and warns where that cannot be told. */
function sayKnown({ exported }: EvaluationReport): void {
  if (exported?.trainingChannels === null) {
    say(
      "WARNING: this model was exported by an earlier version, which did not name the channels it was trained on.",
      "If some of them are in this home, the figures are too good. Export the run again to be sure.",
    );
  }
  const refused = exported?.refusedChannels ?? [];
  if (refused.length > 0)
    say(`${refused.length} channels are left out, since the model was trained on them: ${listed(refused)}`);
}
