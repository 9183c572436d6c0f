import { z } from "zod";
import { LANGUAGE_FORM, LEAST_DAYS, MOST_COUNT, MOST_DAYS, QualityOptions } from "./data";

/** The API's daily quota of a project; Google may grant other quotas. */
export const QuotaOptions = z
  .strictObject({
    searchLimit: z.number().int().min(0).max(100_000_000).default(100).meta({
      unit: "calls",
      description: "search.list calls that the project has per day",
    }),
    unitsLimit: z.number().int().min(0).max(100_000_000).default(10_000).meta({
      unit: "units",
      description: "units that it has per day for all other calls",
    }),
    statisticsLimit: z.number().int().min(0).max(100_000_000).default(10_000).meta({
      unit: "calls",
      description:
        "videos.batchGetStats calls that it has per day; with 0, refresh reads by videos.list, from the units",
    }),
  })
  .meta({ title: "Quota" });
export type QuotaOptions = z.infer<typeof QuotaOptions>;

/**
 * Age at which everything that is stored of a video and its channel is read again, not only statistics: a weekly refresh
 * then does so within the 30 days that YouTube's policies allow.
 */
export const DETAILS_DAYS = 23;

/** The niches of the guide. */
export const NICHES = ["tech", "gaming", "education", "entertainment", "beauty", "news"];

const quality = QualityOptions.parse({});

/** Number of concurrent calls to YouTube's API. */
export const CallConcurrency = z.number().int().min(1).max(64).default(8).meta({
  unit: "calls",
  description: "concurrent calls",
});

/** What to collect (guide, "Collect Data"). */
export const CollectSettings = z
  .strictObject({
    channels: z.number().int().min(1).max(1_000_000).default(1500).meta({
      unit: "channels",
      description: "channels to collect, split equally between the niches",
    }),
    perChannel: z.number().int().min(1).max(20_000).default(134).meta({
      unit: "videos",
      description: "newest videos of each channel",
    }),
    niches: z
      .array(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} &-]{0,39}$/u))
      .min(1)
      .max(100)
      .default(NICHES)
      .meta({
        commas: true,
        form: "a list such as tech,gaming: letters, digits, spaces, at most 40 each",
        description: "comma-separated; other names are searched as they are",
      }),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}$/)
      .nullable()
      .default("en")
      .meta({
        form: LANGUAGE_FORM,
        description: "language of the channels wanted, as an ISO 639-1 code; none accepts every language",
      }),
    minSubscribers: z.number().min(0).max(MOST_COUNT).default(quality.minSubscribers).meta({
      unit: "subscribers",
      description: "leave out channels with fewer subscribers, and those that hide how many they have",
    }),
    minVideos: z.number().int().min(0).max(1_000_000).default(quality.minChannelVideos).meta({
      unit: "videos",
      description: "leave out channels with fewer videos",
    }),
    sinceDays: z.number().min(LEAST_DAYS).max(MOST_DAYS).nullable().default(null).meta({
      unit: "days",
      description: "how far back a channel's videos are listed; none lists all",
    }),
    pictures: z.boolean().default(true).meta({
      description: "fetch the thumbnails too",
      off: "do not fetch the thumbnails: leave them for a later run",
    }),
    concurrency: CallConcurrency,
  })
  .extend(QuotaOptions.shape)
  .meta({ title: "Collection" });
export type CollectSettings = z.infer<typeof CollectSettings>;
