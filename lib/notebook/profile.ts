import { join, relative, resolve } from "node:path";
import {
  BUILT_IN_ENCODERS,
  configure,
  GUIDE_ENCODERS,
  MODEL_NAME,
  PairOptions,
  type Paths,
  QualityOptions,
  resolvePaths,
  SAMPLE_SETTINGS,
  SplitOptions,
  TrainingOptions,
} from "../config";
import type { WorldOptions } from "../dataset";

/**
 * How much a notebook does: `smoke` takes seconds and checks that everything works, `sample` takes minutes on the
 * sample world, and `full` works on your own data.
 */
export type Profile = "smoke" | "sample" | "full";

/** The settings that all notebooks of one profile share. */
export interface NotebookSettings {
  profile: Profile;
  paths: Paths;
  /** The synthetic world to draw; null if you bring your own videos. */
  sample: Required<Omit<WorldOptions, "edgeShare">> | null;
  quality: QualityOptions;
  pairs: PairOptions;
  splits: SplitOptions;
  encoders: { image: string; text: string };
  training: TrainingOptions;
  /** Fixes every random choice: world, folds, pairs, training. */
  seed: number;
  /** Name of the run and the exported model: the guide's name for the model. */
  run: string;
  /** The settings as rows of a table, next to the guide's. */
  describe(): { setting: string; here: string; guide: string }[];
}

/** The settings that a notebook's parameters can change. */
export interface SettingOverrides {
  /** Relative to the project's folder; null for the profile's own. */
  home?: string | null;
  epochs?: number | null;
  seed?: number;
}

const PROFILES = {
  smoke: {
    world: { channels: 12, videosPerChannel: 20 },
    pairs: { maxPairsPerChannel: 100 },
    training: { ...SAMPLE_SETTINGS.training, epochs: 3, swaStart: 2 },
    encoders: BUILT_IN_ENCODERS,
  },
  sample: { world: { channels: 24, videosPerChannel: 50 }, ...SAMPLE_SETTINGS, encoders: BUILT_IN_ENCODERS },
  full: { world: null, pairs: {}, training: {}, encoders: GUIDE_ENCODERS },
};

/**
 * The settings of a profile. Each seed has its own home, so that worlds do not mix.
 * @throws ConfigInvalid
 */
export function settingsOf(profile: Profile, overrides: SettingOverrides = {}): NotebookSettings {
  const { home = null, epochs = null, seed = 0 } = overrides;
  const { world, pairs, training, encoders } = PROFILES[profile];
  const settings = {
    profile,
    seed,
    encoders,
    run: MODEL_NAME,
    paths: home === null ? resolveHome(profile, seed) : resolvePaths(resolve(home)),
    sample: world === null ? null : { ...world, seed },
    quality: configure(QualityOptions, {}),
    pairs: configure(PairOptions, pairs),
    splits: configure(SplitOptions, {}),
    training: withEpochs(configure(TrainingOptions, { ...training, seed }), epochs),
  };
  return { ...settings, describe: () => describe(settings) };
}

function resolveHome(profile: Profile, seed: number): Paths {
  const { home } = resolvePaths();
  const folder = seed === 0 ? profile : `${profile}-seed-${seed}`;
  return profile === "full" ? resolvePaths() : resolvePaths(join(home, "data", "notebooks", folder));
}

/** Keeps the start of averaging at the same fraction of the training, and before its end. */
function withEpochs(training: TrainingOptions, epochs: number | null): TrainingOptions {
  if (epochs === null) return training;
  const swaStart = Math.min(Math.round((training.swaStart * epochs) / training.epochs), epochs - 1);
  return configure(TrainingOptions, { ...training, epochs, swaStart: Math.max(0, swaStart) });
}

function describe(settings: Omit<NotebookSettings, "describe">): ReturnType<NotebookSettings["describe"]> {
  const { sample, pairs, training, encoders } = settings;
  const guide = configure(TrainingOptions, {});
  const row = (setting: string, here: string | number, inGuide: string | number = "") => ({
    setting,
    here: `${here}`,
    guide: `${inGuide}`,
  });
  return [
    row("profile", settings.profile),
    row("home", shownPath(settings.paths.home)),
    row("videos", sample ? `synthetic: ${sample.channels} channels x ${sample.videosPerChannel}` : "yours", "120,000+"),
    row("pairs of a channel and fold, at most", pairs.maxPairsPerChannel ?? "all", "all"),
    row("image encoder", encoders.image, "CLIP ViT-L/14"),
    row("title encoder", encoders.text, "MiniLM"),
    row("epochs", training.epochs, guide.epochs),
    row("weights averaged from epoch", training.swaStart, guide.swaStart),
    row("batch size", training.batchSize, guide.batchSize),
    row("learning rate", training.learningRate.toExponential(), guide.learningRate.toExponential()),
    row("seed", settings.seed),
  ];
}

/** A path for people: relative to the project's folder if it is inside. */
function shownPath(path: string): string {
  const below = relative(resolvePaths(undefined, {}).home, path);
  return below.startsWith("..") ? path : below || ".";
}
