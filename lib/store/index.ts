// Keeps channels, videos, readings, pairs, vectors and evaluations, on PGlite or PostgreSQL, and builds baselines,
// folds and pairs there by SQL. Knows nothing of where videos come from, of tensors, models or the command line.
export { collect } from "./collect";
export * from "./errors";
export { type FolderLock, lockFolder } from "./lock";
export { openStore, type StoreLocation } from "./openStore";
export { picturePath } from "./picture";
export { queryStore } from "./query";
export * from "./report";
export * from "./store";
export * from "./types";
export { openHomeStore, withStore } from "./withStore";
