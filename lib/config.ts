import { join, resolve } from "node:path";
import { z } from "zod";
import { ThumbrankError } from "./errors";

/** Everything a run may set: guide defaults, overlaid by the environment, then by flags or notebook parameters. */

/** Quality rules (guide, "Data Quality"). */
export const QualityOptions = z.strictObject({
  /** Videos published at most so many days before the newest reading of the store. */
  windowDays: z.number().positive().default(90),
  minViews: z.number().nonnegative().default(1000),
  /** A channel is active with at least so many videos in `activeDays`. */
  minChannelVideos: z.number().int().nonnegative().default(10),
  activeDays: z.number().positive().default(90),
  /** ISO 639-1; null takes every language. */
  language: z.string().nullable().default("en"),
  minSubscribers: z.number().nonnegative().default(100),
  minDurationSeconds: z.number().nonnegative().default(60),
  maxDurationSeconds: z.number().positive().default(3600),
  /** Distance from the channel's mean beyond which a video is an outlier, in standard deviations of log views per hour. */
  maxDeviations: z.number().positive().default(3),
  /** Younger videos have no settled rate yet. */
  minAgeHours: z.number().nonnegative().default(48),
});
export type QualityOptions = z.infer<typeof QualityOptions>;

/** Pairs (guide, "Build Training Pairs"). */
export const PairOptions = z.strictObject({
  proxy: z.enum(["viewsPerHour", "ageAdjusted"]).default("viewsPerHour"),
  windowDays: z.number().positive().default(30),
  minMargin: z.number().min(0).max(1).default(0),
  /** At most so many pairs of one channel in one fold, drawn by the seed; null keeps all. */
  maxPairsPerChannel: z.number().int().positive().nullable().default(null),
});
export type PairOptions = z.infer<typeof PairOptions>;

/** Splits: fractions of channels for validation and test, and of each training channel's latest videos for `time`. */
export const SplitOptions = z.strictObject({
  validationFraction: z.number().min(0).max(0.5).default(0.15),
  testFraction: z.number().min(0).max(0.5).default(0.15),
  timeFraction: z.number().min(0).max(0.5).default(0.15),
});
export type SplitOptions = z.infer<typeof SplitOptions>;

/** The model (guide, "Model Architecture Details"). */
export const ModelOptions = z.strictObject({
  clipDim: z.number().int().positive().default(768),
  textDim: z.number().int().positive().default(384),
  freezeClip: z.boolean().default(true),
  fineTuneBlocks: z.number().int().min(0).max(24).default(0),
  hiddenDim: z.number().int().positive().multipleOf(4).default(512),
});
export type ModelOptions = z.infer<typeof ModelOptions>;

/** Training (guide, "Training Configuration"). */
export const TrainingOptions = z.strictObject({
  epochs: z.number().int().positive().default(200),
  batchSize: z.number().int().positive().default(16),
  learningRate: z.number().positive().default(2e-5),
  weightDecay: z.number().nonnegative().default(0.01),
  marginRanking: z.number().nonnegative().default(0.1),
  labelSmoothing: z.number().min(0).max(1).default(0.15),
  mixupAlpha: z.number().nonnegative().default(0.3),
  maxGradientNorm: z.number().positive().default(1),
  useSwa: z.boolean().default(true),
  /** First epoch whose end is averaged. */
  swaStart: z.number().int().nonnegative().default(150),
  /** Multiplies every dropout rate of the guide's architecture; 0 turns dropout off. */
  dropoutScale: z.number().min(0).max(2).default(1),
  auxiliary: z.enum(["ctr", "signals"]).default("ctr"),
  /** "channel" weighs each pair by 1 / (pairs of its channel). */
  pairWeights: z.enum(["equal", "channel"]).default("equal"),
  seed: z.number().int().nonnegative().default(0),
});
export type TrainingOptions = z.infer<typeof TrainingOptions>;

/** All options of a run; what a checkpoint keeps as its configuration. */
export const Config = z.strictObject({
  quality: QualityOptions.prefault({}),
  pairs: PairOptions.prefault({}),
  splits: SplitOptions.prefault({}),
  model: ModelOptions.prefault({}),
  training: TrainingOptions.prefault({}),
});
export type Config = z.infer<typeof Config>;

/** What the environment may set; keys and passwords come from here alone. */
export const Environment = z.object({
  THUMBRANK_HOME: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  SUPABASE_URL: z.string().optional(),
  SUPABASE_KEY: z.string().optional(),
  YOUTUBE_API_KEY: z.string().optional(),
});
export type Environment = z.infer<typeof Environment>;

/** Where one home folder keeps what commands read and write. */
export interface Paths {
  home: string;
  store: string;
  thumbnails: string;
  embeddings: string;
  checkpoints: string;
  models: string;
  runs: string;
}

/**
 * The folders below a home: `--data-dir`, else THUMBRANK_HOME, else the project's root.
 * @param dataDir what `--data-dir` gave
 */
export function pathsOf(dataDir?: string, environment: NodeJS.ProcessEnv = process.env): Paths {
  const home = resolve(dataDir ?? environment.THUMBRANK_HOME ?? join(__dirname, ".."));
  const below = (...names: string[]) => join(home, ...names);
  return {
    home,
    store: below("data", "store"),
    thumbnails: below("data", "thumbnails"),
    embeddings: below("data", "embeddings"),
    checkpoints: below("checkpoints"),
    models: below("models"),
    runs: below("runs"),
  };
}

/** A setting that its schema refuses. */
export class ConfigInvalid extends ThumbrankError {
  constructor(readonly issues: string[]) {
    super("CONFIG_INVALID", {
      what: `these settings cannot be used: ${issues.join("; ")}`,
      next: "correct them; `thumbrank COMMAND --help` lists what each takes",
    });
  }
}

/**
 * Parses settings by their schema and fills in the guide's defaults.
 * @throws ConfigInvalid with one line for each wrong setting
 */
export function configure<Schema extends z.ZodType>(schema: Schema, settings: unknown): z.output<Schema> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new ConfigInvalid(
    parsed.error.issues.map((issue) => `${issue.path.join(".") || "settings"}: ${issue.message}`),
  );
}
