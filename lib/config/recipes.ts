import type { z } from "zod";
import { configure } from "./configure";
import { listSettings } from "./setting";
import { type Recipe, TrainingOptions } from "./training";

/** Settings of a training by the names of the schema, of which some are given. */
export type GivenTraining = Partial<z.input<typeof TrainingOptions>>;

/** What each recipe sets; everything else is the guide's (docs/TRAINING.md). */
export const RECIPES: Record<Recipe, GivenTraining> = {
  guide: {},
  small: { epochs: 12, folds: 5, pairWeights: "sqrt" },
};

/** The guide's minimum of training pairs ("Data Requirements"); below it the small recipe is the default. */
export const SMALL_PAIRS = 50_000;

/** The recipe for a number of training pairs. */
export function chooseRecipe(trainingPairs: number): Recipe {
  return trainingPairs < SMALL_PAIRS ? "small" : "guide";
}

/**
 * The settings of a recipe, with given ones in place of the recipe's. A given number of epochs is not chosen by folds,
 * unless they are given too.
 * @throws ConfigInvalid
 */
export function withRecipe(recipe: Recipe, given: GivenTraining): TrainingOptions {
  const folds = given.epochs === undefined ? {} : { folds: null };
  return configure(TrainingOptions, { ...RECIPES[recipe], ...folds, ...given, recipe });
}

/** Lists a recipe's settings as flags, beside the guide's: `--epochs 8 (guide: 200)`. @param given settings to omit */
export function recipeFlags(recipe: Recipe, given: GivenTraining = {}): string[] {
  const settings: Record<string, unknown> = withRecipe(recipe, given);
  return listSettings(TrainingOptions)
    .filter(({ key, initial }) => key !== "recipe" && !(key in given) && settings[key] !== initial)
    .map(({ key, flag, initial }) => `--${flag} ${settings[key]} (guide: ${initial ?? "none"})`);
}
