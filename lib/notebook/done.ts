import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isSampleImported, sampleFolder, sampleWorld } from "../dataset";
import { ModelMissing, resolveModel } from "../deployment";
import { embeddedIdentities, embeddedIds, modelOf, withoutSuperseded } from "../embedding";
import { finishedRun, RunDataChanged, RunNotTrained, RunUnknown, runFolder } from "../runs";
import { withStore } from "../store";
import type { NotebookSettings } from "./profile";
import type { Stage } from "./stages";

/** Whether a stage's output exists and is no older than its input. */
export async function isDone(stage: Stage, settings: NotebookSettings): Promise<boolean> {
  return CHECKS[stage](settings);
}

const CHECKS: Record<Stage, (settings: NotebookSettings) => Promise<boolean>> = {
  videos: ({ paths, sample }) =>
    withStore(paths, async (store) => {
      if ((await store.count()) === 0) return false;
      // A home with the reader's own videos has no sample world; any number of videos is fine there.
      const isSynthetic = sample !== null && existsSync(sampleFolder(paths));
      return !isSynthetic || isSampleImported(sampleWorld(sample), store, paths);
    }),
  pairs: async (settings) => (await ratedIds(settings)).length > 0,
  embeddings: async (settings) => {
    const ids = await ratedIds(settings);
    const kinds = Object.entries(settings.encoders) as ["image" | "text", string][];
    const shares = await Promise.all(kinds.map(([kind, encoder]) => embeddedShare(settings, kind, encoder, ids)));
    return shares.every((share) => share >= LEAST_SHARE);
  },
  run: isTrained,
  evaluation: (settings) => isNewer(settings, join(settings.paths.runs, settings.run, "evaluation.json")),
  model: isExported,
};

/** Less than 1, since some pictures may have been refused. */
const LEAST_SHARE = 0.9;

async function ratedIds({ paths }: NotebookSettings): Promise<string[]> {
  const ids: string[] = [];
  await withStore(paths, async (store) => {
    for await (const { videoId } of store.ratedVideos()) ids.push(videoId);
  });
  return ids;
}

async function embeddedShare(
  { paths }: NotebookSettings,
  kind: "image" | "text",
  encoder: string,
  ids: string[],
): Promise<number> {
  const identities = withoutSuperseded(await embeddedIdentities(paths));
  const identity = identities.find((one) => one.kind === kind && one.model === modelOf(kind, encoder));
  if (identity === undefined) return 0;
  const embedded = new Set(await embeddedIds(paths, identity));
  return ids.filter((id) => embedded.has(id)).length / ids.length;
}

async function isTrained({ paths, run, encoders }: NotebookSettings): Promise<boolean> {
  try {
    await finishedRun(paths, run, encoders);
    return true;
  } catch (thrown) {
    const isUntrained = [RunUnknown, RunNotTrained, RunDataChanged].some((kind) => thrown instanceof kind);
    if (isUntrained) return false;
    throw thrown;
  }
}

/** Whether the run's current version was exported after it was trained. */
async function isExported(settings: NotebookSettings): Promise<boolean> {
  try {
    const { folder } = await resolveModel(settings.paths.models, settings.run);
    return await isNewer(settings, join(folder, "model.json"));
  } catch (thrown) {
    if (thrown instanceof ModelMissing) return false;
    throw thrown;
  }
}

async function isNewer({ paths, run }: NotebookSettings, file: string): Promise<boolean> {
  const trained = await modifiedMs(join(runFolder(paths, run), "trained", "trained.json"));
  return (await modifiedMs(file)) > trained;
}

const modifiedMs = (file: string) =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
