// Collects channels, videos and pictures from YouTube's Data API into the store, within the day's quota. Knows of the
// store's interface alone; nothing of vectors, models or the command line.
export type { RetryOptions, Sleep } from "./backoff";
export * from "./ctr";
export * from "./errors";
export { openYoutube, QuotaOptions, type Youtube, type YoutubeOptions } from "./open";
export { nextReset, pacificDay } from "./pacific";
export type { Method, Quota, QuotaLimits } from "./quota";
export { IDS_PER_CALL, type ReadVideos } from "./readVideos";
