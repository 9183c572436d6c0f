/**
 * Config: every setting with the guide's default, its bounds, unit and description, and the folders of a home. Flags
 * and notebook parameters are generated from it: the guide's defaults, overridden by the environment, then by flags or
 * parameters. It must not know what the settings are used for.
 */

export { CallConcurrency, CollectSettings, DETAILS_DAYS, QuotaOptions } from "./collect";
export { ConfigInvalid, configure, refusalText, selectIssues } from "./configure";
export {
  COLUMNS,
  type Column,
  type Encoding,
  LANGUAGE_FORM,
  Language,
  LEAST_DAYS,
  MOST_COUNT,
  MOST_DAYS,
  OPTIONAL_COLUMNS,
  PairOptions,
  QualityOptions,
  REQUIRED_COLUMNS,
  SplitOptions,
  TableOptions,
  VIEWS_UNITS,
  type ViewsUnit,
} from "./data";
export {
  BUILT_IN_ENCODERS,
  encoderFlags,
  GUIDE_ENCODERS,
  MODEL_NAME,
  MODEL_REFERENCE,
  MODEL_REFERENCE_FORM,
  QUEUES,
} from "./names";
export { BUILT_PAGE, Environment, type Paths, resolvePaths } from "./paths";
export { FINE_TUNING, PHASES, type Phase } from "./phases";
export { DecisionThreshold, MOST_TITLES } from "./ranking";
export {
  chooseRecipe,
  type GivenTraining,
  RECIPES,
  recipeFlags,
  SMALL_PAIRS,
  withRecipe,
} from "./recipes";
export { ServeSettings } from "./serving";
export { listSettings, type Setting, type SettingsSchema, type SettingValue, settingValues } from "./setting";
export { Config, ModelOptions, Recipe, SAMPLE_SETTINGS, Seed, StoredOptions, TrainingOptions } from "./training";
