import {
  chooseRecipe,
  type GivenTraining,
  type Recipe,
  recipeFlags,
  resolvePaths,
  SMALL_PAIRS,
  type TrainingOptions,
  withRecipe,
} from "../config";
import { say, withVideos } from "./context";
import type { RunFlags } from "./run-files";

/** Which run to resume, if any: `latest`, or a checkpoint's folder. */
type ResumedRun = RunFlags & { resume?: string | undefined };

/**
 * The settings of a training: those given, and for the others the named recipe's. Without a name, a resumed run keeps
 * its recipe, and a new one gets the recipe for the number of its training pairs, which is announced.
 * @param recipe the value of `--recipe`
 * @throws NoVideos, NoPairs
 */
export async function trainingSettings(
  flags: ResumedRun,
  recipe: Recipe | undefined,
  given: GivenTraining,
): Promise<TrainingOptions> {
  const named = recipe ?? (await resumedRecipe(flags));
  if (named !== undefined) return withRecipe(named, given);
  const pairs = await countTrainingPairs(flags);
  const chosen = chooseRecipe(pairs);
  if (chosen === "small") announce(pairs, given);
  return withRecipe(chosen, given);
}

/** The recipe of the checkpoint that a run continues from; undefined if there is none yet. */
async function resumedRecipe({ dataDir, run, resume }: ResumedRun): Promise<Recipe | undefined> {
  if (resume === undefined) return undefined;
  const { latestCheckpoint, readCheckpoint, runFolder } = await import("../runs");
  const checkpoint =
    resume === "latest"
      ? (await latestCheckpoint(runFolder(resolvePaths(dataDir), run))).checkpoint
      : await readCheckpoint(resume);
  return checkpoint?.state.progress.config.training.recipe;
}

/** Counts the pairs of the fold `train`, up to the number from which on the guide's recipe is chosen. */
async function countTrainingPairs(flags: RunFlags): Promise<number> {
  const { assertPaired } = await import("../store");
  return withVideos(flags, async (store) => {
    await assertPaired(store);
    let pairs = 0;
    for await (const _ of store.pairs("train")) if (++pairs === SMALL_PAIRS) break;
    return pairs;
  });
}

function announce(pairs: number, given: GivenTraining): void {
  const count = (value: number) => value.toLocaleString("en-US");
  const settings = recipeFlags("small", given);
  const what = settings.length === 0 ? "all of its settings were given" : settings.join(", ");
  say(
    `${count(pairs)} training pairs, fewer than ${count(SMALL_PAIRS)}: the small recipe: ${what}; --recipe guide takes the guide's settings`,
  );
}
