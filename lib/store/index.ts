// Keeps channels, videos, readings, pairs, vectors and evaluations, on PGlite or PostgreSQL, and builds baselines,
// folds and pairs there by SQL. Knows nothing of where videos come from, of tensors, models or the command line.
export { collect } from "./collect";
export type {
  Absent,
  Collection,
  CollectionCounts,
  CollectionRefusal,
  FoundChannel,
  JudgedChannel,
  ListingPage,
  PictureOutcome,
  Reading,
  SearchPage,
  WantedPicture,
} from "./collection";
export type { CtrReport, CtrReports, CtrRow } from "./ctr";
export * from "./errors";
export { type FolderLock, lockFolder } from "./lock";
export { openStore, type StoreLocation } from "./openStore";
export { picturePath } from "./picture";
export { queryStore } from "./query";
export { QUOTA_BUCKETS, type QuotaBucket, type QuotaLedger, type QuotaSpent, type Spending } from "./quota";
export * from "./report";
export type { Purged, Retention } from "./retention";
export { schemaSql } from "./schema";
export * from "./store";
export * from "./types";
export { openHomeStore, withStore } from "./withStore";
