import { join, resolve } from "node:path";
import { z } from "zod";
import { ThumbrankError } from "./errors";

/** Everything a run may set: guide defaults, overlaid by the environment, then by flags or notebook parameters. */

/** Quality rules (guide, "Data Quality"). */
export const QualityOptions = z.strictObject({
  windowDays: z
    .number()
    .positive()
    .default(90)
    .describe("videos published at most so many days before the newest reading of the store"),
  minViews: z.number().nonnegative().default(1000).describe("fewest views"),
  minChannelVideos: z
    .number()
    .int()
    .nonnegative()
    .default(10)
    .describe("a channel is active with at least so many videos in `activeDays`"),
  activeDays: z
    .number()
    .positive()
    .default(90)
    .describe("days before the newest reading in which a channel must be active"),
  language: z.string().nullable().default("en").describe("ISO 639-1; null takes every language"),
  minSubscribers: z.number().nonnegative().default(100).describe("fewest subscribers of the channel"),
  minDurationSeconds: z.number().nonnegative().default(60).describe("shortest video"),
  maxDurationSeconds: z.number().positive().default(3600).describe("longest video"),
  maxDeviations: z
    .number()
    .positive()
    .default(3)
    .describe(
      "distance from the channel's mean beyond which a video is an outlier, in standard deviations of log views per hour",
    ),
  minAgeHours: z.number().nonnegative().default(48).describe("younger videos have no settled rate yet"),
});
export type QualityOptions = z.infer<typeof QualityOptions>;

/** Pairs (guide, "Build Training Pairs"). */
export const PairOptions = z
  .strictObject({
    proxy: z
      .enum(["viewsPerHour", "ageAdjusted", "snapshots"])
      .default("viewsPerHour")
      .describe(
        "what counts as success: views per hour; the same divided by the growth expected at that age; or views per hour measured between two readings, for all videos at equal age",
      ),
    // The second week: whoever collects and refreshes weekly has a reading before and one after it of every new video.
    snapshotFromHours: z
      .number()
      .min(1)
      .default(168)
      .describe("age at which 'snapshots' begins to measure; a video needs a reading at or before it"),
    snapshotToHours: z
      .number()
      .min(1)
      .default(336)
      .describe("age up to which 'snapshots' measures; a video needs a reading at or after it"),
    windowDays: z
      .number()
      .positive()
      .default(30)
      .describe("two videos of a pair are published at most so many days apart"),
    minMargin: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("pairs with a smaller margin |a - b| / max(a, b) are left out"),
    maxPairsPerChannel: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe("at most so many pairs of one channel in one fold, drawn by the seed; null keeps all"),
  })
  .refine(({ snapshotFromHours, snapshotToHours }) => snapshotFromHours < snapshotToHours, {
    path: ["snapshotToHours"],
    message: "must be later than snapshotFromHours",
  });
export type PairOptions = z.infer<typeof PairOptions>;

/** Splits: fractions of channels for validation and test, and of each training channel's latest videos for `time`. */
export const SplitOptions = z.strictObject({
  validationFraction: z.number().min(0).max(0.5).default(0.15).describe("share of the channels for validation"),
  testFraction: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.15)
    .describe("share of the channels for the test on unseen channels"),
  timeFraction: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.15)
    .describe("share of each training channel's latest videos for the test on later videos"),
});
export type SplitOptions = z.infer<typeof SplitOptions>;

/** The model (guide, "Model Architecture Details"). */
export const ModelOptions = z.strictObject({
  clipDim: z.number().int().positive().default(768).describe("dimensions of the image embedding"),
  textDim: z.number().int().positive().default(384).describe("dimensions of the title embedding"),
  freezeClip: z.boolean().default(true).describe("train on fixed embeddings (phase 1)"),
  fineTuneBlocks: z.number().int().min(0).max(24).default(0).describe("last CLIP blocks to fine-tune (phases 2 and 3)"),
  hiddenDim: z.number().int().positive().multipleOf(4).default(512).describe("width of the shared features"),
});
export type ModelOptions = z.infer<typeof ModelOptions>;

/** Training (guide, "Training Configuration"). */
export const TrainingOptions = z.strictObject({
  epochs: z.number().int().positive().default(200).describe("passes over the training pairs"),
  batchSize: z.number().int().positive().default(16).describe("pairs in a step"),
  learningRate: z.number().positive().default(2e-5).describe("learning rate of AdamW"),
  weightDecay: z.number().nonnegative().default(0.01).describe("decoupled weight decay"),
  marginRanking: z.number().nonnegative().default(0.1).describe("margin of the ranking loss"),
  labelSmoothing: z.number().min(0).max(1).default(0.15).describe("label smoothing of the CTR targets"),
  mixupAlpha: z
    .number()
    .nonnegative()
    .default(0.3)
    .describe("both parameters of the Beta distribution of mixup; 0 turns it off"),
  maxGradientNorm: z
    .number()
    .positive()
    .default(1)
    .describe("global gradient norm above which gradients are scaled down"),
  useSwa: z.boolean().default(true).describe("average weights (SWA) from swaStart on"),
  swaStart: z.number().int().nonnegative().default(150).describe("first epoch whose end is averaged"),
  dropoutScale: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .describe("multiplies every dropout rate of the guide's architecture; 0 turns dropout off"),
  auxiliary: z
    .enum(["ctr", "signals"])
    .default("ctr")
    .describe("targets of the sub-scores: the CTR target, or blended with what is measured in the picture"),
  pairWeights: z
    .enum(["equal", "channel"])
    .default("equal")
    .describe("'channel' weighs each pair by 1 / (pairs of its channel)"),
  featureStorage: z
    .enum(["float32", "float16"])
    .default("float32")
    .describe("how the embeddings are kept in memory; 'float16' rounds them and takes half of it"),
  seed: z.number().int().nonnegative().default(0).describe("fixes every random choice"),
});
export type TrainingOptions = z.infer<typeof TrainingOptions>;

/**
 * What the sample world is paired and trained with: the guide's settings, but for the epochs (on so small a world
 * validation AUC is best after some ten) and a cap.
 */
export const SAMPLE_SETTINGS = {
  pairs: { maxPairsPerChannel: 300 },
  training: { epochs: 12, swaStart: 6, auxiliary: "signals" },
} as const;

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
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  /** Another root than Google's for the Data API, for stand-ins and tests. */
  YOUTUBE_ROOT_URL: z.string().optional(),
  /** The same for OAuth and the Reporting API. */
  GOOGLE_OAUTH_ROOT_URL: z.string().optional(),
  YOUTUBE_REPORTING_ROOT_URL: z.string().optional(),
});
export type Environment = z.infer<typeof Environment>;

/** Where one home folder keeps what commands read and write. */
export interface Paths {
  home: string;
  store: string;
  thumbnails: string;
  embeddings: string;
  /** CTR reports on their way into the store. */
  reports: string;
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
    reports: below("data", "ctr-reports"),
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
