import { z } from "zod";
import { QualityOptions } from "./config";

/** What the API allows a project on a day; a project may be given other quotas. */
export const QuotaOptions = z.strictObject({
  searchLimit: z.number().int().nonnegative().default(100).describe("calls of search.list that the project has a day"),
  unitsLimit: z.number().int().nonnegative().default(10_000).describe("units of all other calls that it has a day"),
});
export type QuotaOptions = z.infer<typeof QuotaOptions>;

/** The guide's niches. */
export const NICHES = ["tech", "gaming", "education", "entertainment", "beauty", "news"];

const quality = QualityOptions.parse({});

/** "tech, gaming" is a list too, as a flag gives it. */
const Niches = z.preprocess(
  (given) => (typeof given === "string" ? given.split(",").map((niche) => niche.trim()) : given),
  z.array(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} &-]{0,39}$/u, "is no niche: letters, digits, blanks")).min(1),
);

/** What a collection is to hold; the guide's "Collect Data". */
export const CollectSettings = z
  .strictObject({
    channels: z.number().int().positive().default(1500).describe("channels to collect, in equal shares of the niches"),
    perChannel: z.number().int().positive().max(20_000).default(134).describe("newest videos of each channel"),
    niches: Niches.default(NICHES).describe("comma-separated; others than these are searched by their name"),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}$/, "is no ISO 639 code such as en")
      .nullable()
      .default("en")
      .describe("ISO 639-1 code of the channels wanted; none takes every language"),
    minSubscribers: z
      .number()
      .nonnegative()
      .default(quality.minSubscribers)
      .describe("channels with fewer subscribers are left out, as are those that hide how many they have"),
    minVideos: z
      .number()
      .int()
      .nonnegative()
      .default(quality.minChannelVideos)
      .describe("channels with fewer videos are left out"),
    sinceDays: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("how far back a channel's videos are listed, in days; none lists all"),
    pictures: z.boolean().default(true).describe("leave the thumbnails for a later run"),
    concurrency: z.number().int().min(1).max(64).default(8).describe("calls under way at once"),
  })
  .extend(QuotaOptions.shape);
export type CollectSettings = z.infer<typeof CollectSettings>;
