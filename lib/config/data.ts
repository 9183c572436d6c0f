import { z } from "zod";

/** The columns of a table of videos, and how a table is written. */

export const REQUIRED_COLUMNS = ["video_id", "channel_id", "title", "published_at", "views", "collected_at"] as const;
export const OPTIONAL_COLUMNS = [
  "channel_title",
  "duration",
  "likes",
  "comments",
  "subscribers",
  "language",
  "niche",
  "true_ctr",
  "thumbnail",
  "views_unit",
] as const;
export const COLUMNS = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

export type Column = (typeof COLUMNS)[number];

const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "iso-8859-15",
  "macintosh",
  "shift_jis",
  "gb18030",
  "big5",
  "euc-kr",
] as const;

/**
 * What a view counts as: a play that its viewer stayed with (YouTube's public count until August 2026, and since then an
 * owner's engaged views), any play from its first frame (the public count since), or a public count of both, which began
 * before the change and was read after it.
 */
export const VIEWS_UNITS = ["engaged", "mixed", "starts"] as const;
export type ViewsUnit = (typeof VIEWS_UNITS)[number];

/** A cell's value, or the name of a column. */
const Cell = z.string().min(1).max(1000);

/** Format of a table; whatever is not given is recognised from the file. */
export const TableOptions = z
  .strictObject({
    delimiter: z
      .preprocess((text) => (text === "tab" || text === "\\t" ? "\t" : text), z.string().regex(/^[^\p{L}\p{N}"\r\n]$/u))
      .nullable()
      .default(null)
      .meta({
        placeholder: "sign",
        form: "one character that is neither letter nor digit, or the word tab",
        description: "character between the values of a CSV, or the word tab; none recognises it from the header",
      }),
    encoding: z.enum(ENCODINGS).nullable().default(null).meta({
      description: "encoding of a CSV or JSON table; none recognises it",
    }),
    map: z.partialRecord(z.enum(COLUMNS), Cell).default({}).meta({
      placeholder: "ours=theirs",
      description: "take a column from one of another name, such as views=view_count; may be repeated",
    }),
    set: z.partialRecord(z.enum(COLUMNS), Cell).default({}).meta({
      placeholder: "ours=value",
      description:
        "give all rows one value, such as channel_id=UC..., or collected_at=2026-11-01T00:00:00Z; may be repeated",
    }),
  })
  .meta({ title: "Table" });
export type TableOptions = z.infer<typeof TableOptions>;
export type Encoding = NonNullable<TableOptions["encoding"]>;

/** A hundred years; no setting makes sense with a longer time. */
export const MOST_DAYS = 36_500;
/** About a minute and a half; readings or publications closer together than that make no difference. */
export const LEAST_DAYS = 0.001;
const MOST_HOURS = 24 * MOST_DAYS;
/** More views or subscribers than any video or channel has. */
export const MOST_COUNT = 1_000_000_000_000;
const MOST_SECONDS = 1_000_000;

/** A language code as YouTube and tables write it. */
export const Language = z.string().regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}$/);
export const LANGUAGE_FORM = "a language code such as en";

/** Quality rules (guide, "Data Quality"). */
export const QualityOptions = z
  .strictObject({
    requirePicture: z.boolean().default(true).meta({
      description: "leave out videos without a picture",
      off: "do not leave out videos without a picture: labels can be studied on them, but nothing can be trained",
    }),
    windowDays: z.number().min(LEAST_DAYS).max(MOST_DAYS).default(90).meta({
      unit: "days",
      description: "take videos published at most this long before the newest reading of the store",
    }),
    minViews: z.number().min(0).max(MOST_COUNT).default(1000).meta({ unit: "views", description: "fewest views" }),
    minChannelVideos: z.number().int().min(0).max(1_000_000).default(10).meta({
      unit: "videos",
      description: "a channel is active with at least this many videos within --active-days",
    }),
    activeDays: z.number().min(LEAST_DAYS).max(MOST_DAYS).default(90).meta({
      unit: "days",
      description: "time before the newest reading in which a channel must be active",
    }),
    language: Language.nullable().default("en").meta({
      form: LANGUAGE_FORM,
      description: "language of the videos, as an ISO 639-1 code; none accepts every language",
    }),
    minSubscribers: z.number().min(0).max(MOST_COUNT).default(100).meta({
      unit: "subscribers",
      description: "fewest subscribers of the channel",
    }),
    minDurationSeconds: z.number().min(0).max(MOST_SECONDS).default(60).meta({
      unit: "seconds",
      description: "shortest video",
    }),
    maxDurationSeconds: z.number().min(1).max(MOST_SECONDS).default(3600).meta({
      unit: "seconds",
      description: "longest video",
    }),
    maxDeviations: z.number().min(0.01).max(1000).default(3).meta({
      unit: "deviations",
      description:
        "distance from the channel's mean beyond which a training video is an outlier, in standard deviations of log views per hour",
    }),
    minAgeHours: z.number().min(0).max(MOST_HOURS).default(48).meta({
      unit: "hours",
      description: "leave out younger videos, which have no settled rate yet",
    }),
  })
  .meta({ title: "Quality rules" });
export type QualityOptions = z.infer<typeof QualityOptions>;

/** Pairs (guide, "Build Training Pairs"). */
export const PairOptions = z
  .strictObject({
    proxy: z.enum(["viewsPerHour", "ageAdjusted", "residual", "snapshots"]).default("viewsPerHour").meta({
      description:
        "what counts as success: views per hour; the same divided by the growth expected at that age; views over those that the channel's trend in time and age leads to expect; or views per hour measured between two readings, for all videos at equal age",
    }),
    // The second week: with weekly collecting and refreshing, every new video has a reading before and after it.
    snapshotFromHours: z.number().min(1).max(MOST_HOURS).default(168).meta({
      unit: "hours",
      description: "age at which --proxy snapshots begins to measure; a video needs a reading at or before it",
    }),
    snapshotToHours: z.number().min(1).max(MOST_HOURS).default(336).meta({
      unit: "hours",
      description: "age up to which --proxy snapshots measures; a video needs a reading at or after it",
    }),
    windowDays: z.number().min(LEAST_DAYS).max(MOST_DAYS).default(30).meta({
      unit: "days",
      flag: "pair-window-days",
      description: "the two videos of a pair are published at most this far apart",
    }),
    minMargin: z.number().min(0).max(1).default(0).meta({
      description: "leave out pairs with a smaller margin |a - b| / max(a, b)",
    }),
    viewsChangedOn: z.iso.date().default("2026-08-27").meta({
      placeholder: "date",
      form: "a date such as 2026-08-27",
      description:
        "day (UTC) from which YouTube's public views count every play from its first frame; views of different units are never compared",
    }),
    maxPairsPerChannel: z.number().int().min(1).max(10_000_000).nullable().default(null).meta({
      unit: "pairs",
      description: "most pairs of one channel in one fold, drawn by the seed; none keeps all",
    }),
  })
  .refine(({ snapshotFromHours, snapshotToHours }) => snapshotFromHours < snapshotToHours, {
    path: ["snapshotToHours"],
    message: "must be later than the age at which snapshots begin",
  })
  .meta({ title: "Pairs" });
export type PairOptions = z.infer<typeof PairOptions>;

/** Splits: fractions of channels for validation and test, and of each training channel's latest videos for `time`. */
export const SplitOptions = z
  .strictObject({
    validationFraction: z.number().min(0).max(0.5).default(0.15).meta({
      description: "share of the channels for validation",
    }),
    testFraction: z.number().min(0).max(0.5).default(0.15).meta({
      description: "share of the channels for the test on unseen channels",
    }),
    timeFraction: z.number().min(0).max(0.5).default(0.15).meta({
      description: "share of each training channel's latest videos for the test on later videos",
    }),
  })
  .meta({ title: "Folds" });
export type SplitOptions = z.infer<typeof SplitOptions>;
