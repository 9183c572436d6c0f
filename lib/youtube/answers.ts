import { z } from "zod";

// Answers of the Data API, limited to the `fields` we ask for. Counts come as text. Fields that may be absent are
// optional. Items are parsed one by one, so that a malformed item does not spoil the 49 others of its answer.

/** A count, which comes as text. */
export const Count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** A page of any list. YouTube omits `items` if there are none. */
export const Page = z.object({
  nextPageToken: z.string().optional(),
  items: z.array(z.unknown()).default([]),
});

/** A page of a playlist. */
export const UploadsPage = Page.extend({ pageInfo: z.object({ totalResults: z.number().optional() }).optional() });
export type UploadsPage = z.infer<typeof UploadsPage>;

/** A channel that a search found. */
export const SearchItem = z.object({ id: z.object({ channelId: z.string().min(1) }) });

export const ChannelItem = z.object({
  id: z.string().min(1),
  snippet: z.object({
    title: z.string().default(""),
    country: z.string().optional(),
    defaultLanguage: z.string().optional(),
  }),
  statistics: z
    .object({
      subscriberCount: Count.optional(),
      hiddenSubscriberCount: z.boolean().default(false),
      videoCount: Count.optional(),
    })
    .default({ hiddenSubscriberCount: false }),
  contentDetails: z
    .object({ relatedPlaylists: z.object({ uploads: z.string().optional() }).default({}) })
    .default({ relatedPlaylists: {} }),
});
export type ChannelItem = z.infer<typeof ChannelItem>;

export const UploadItem = z.object({
  contentDetails: z.object({
    videoId: z.string().min(1),
    /** Absent for videos that are private or deleted. */
    videoPublishedAt: Instant.optional(),
  }),
});

const Thumbnail = z.object({ url: z.url(), width: z.number().optional() });

export const VideoItem = z.object({
  id: z.string().min(1),
  snippet: z.object({
    publishedAt: Instant,
    channelId: z.string().min(1),
    channelTitle: z.string().optional(),
    title: z.string().min(1),
    defaultLanguage: z.string().optional(),
    defaultAudioLanguage: z.string().optional(),
    liveBroadcastContent: z.string().default("none"),
    thumbnails: z.record(z.string(), Thumbnail).default({}),
  }),
  contentDetails: z.object({ duration: z.string().default("P0D") }).default({ duration: "P0D" }),
  statistics: z
    .object({ viewCount: Count.optional(), likeCount: Count.optional(), commentCount: Count.optional() })
    .default({}),
  liveStreamingDetails: z
    .object({ actualStartTime: z.string().optional(), actualEndTime: z.string().optional() })
    .optional(),
});
export type VideoItem = z.infer<typeof VideoItem>;
