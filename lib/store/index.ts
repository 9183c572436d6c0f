// Stores channels, videos, readings, pairs, vectors and evaluations in PGlite, PostgreSQL or Supabase, and builds
// baselines, folds and pairs there in SQL. Knows nothing about where videos come from, tensors, models or the command
// line.
export { type DatabaseAddress, databaseAddress } from "./address";
export { collect } from "./batches";
export type {
  Absent,
  Collection,
  CollectionCounts,
  CollectionRefusal,
  FoundChannel,
  JudgedChannel,
  ListingPage,
  Reading,
  SearchPage,
  Standing,
  ThumbnailOutcome,
  WantedThumbnail,
} from "./collection";
export type { AppliedCtr, CtrCoverage, CtrReport, CtrReports, CtrRow, EngagedRow } from "./ctr";
export * from "./errors";
export { schemaSql } from "./migrations";
export {
  isStoreMade,
  migrateStore,
  openDatabase,
  openStore,
  type StoreLocation,
  type StoreMigration,
  storeLocation,
} from "./open-store";
export { connectionRefused, PostgresClient } from "./postgres";
export { queryStore } from "./query";
export { QUOTA_BUCKETS, type QuotaBucket, type QuotaLedger, type QuotaSpent, type Spending } from "./quota";
export * from "./report";
export type { ChannelReading, Purged, PurgePreview, Retention, VideoStatistics } from "./retention";
export * from "./store";
export { copyBetween } from "./transfer/between";
export { type CopiedTable, copyStore } from "./transfer/copy";
export { parseLocation } from "./transfer/location";
export { type StoreStatus, storeStatus } from "./transfer/status";
export * from "./types";
export { picturePath, type RatedVideo, type Thumbnail, type Video } from "./video";
export { assertPaired, openHomeStore, openStoreWithVideos, withStore } from "./with-store";
