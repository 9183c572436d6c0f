// Collects channels, videos and pictures from YouTube's Data API into the store, within the day's quota. Knows only the
// store's interface, and nothing about vectors, models or the command line.

export type { RetryOptions, Sleep } from "./backoff";
export { RETRIES, sleep } from "./backoff";
export { type CollectOptions, collect, createContext } from "./collect";
export type { CollectContext, CollectRunners, Listing } from "./context";
export * from "./ctr";
export { detailsStage } from "./details";
export * from "./errors";
export { findChannels } from "./find-channels";
export { openYoutube, readYoutubeAccess, toQuotaLimits, type Youtube, type YoutubeOptions } from "./open";
export { thumbnailsStage } from "./pictures";
export { type CollectPlan, freshState, loadPlanState, makePlan, type PlanState } from "./plan";
export { type PurgeOptions, type PurgeReport, purge } from "./purge";
export { computeQuotaLeft, type Method, nextReset, pacificDay, type Quota, type QuotaLimits } from "./quota";
export { IDS_PER_CALL, type ReadVideos } from "./read-videos";
export {
  planRefresh,
  type RefreshOptions,
  type RefreshPlan,
  type RefreshReport,
  refresh,
} from "./refresh";
export type { OpenSearch } from "./refused-searches";
export type { CollectReport, OpenChannel } from "./report";
export { uploadsStage } from "./uploads";
