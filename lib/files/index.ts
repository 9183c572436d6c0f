/**
 * Files: written whole or not at all, folders with a manifest of hashes, the exclusive write lock on a folder.
 * It must not know what is in them.
 */

export {
  exists,
  FolderBroken,
  fileSizeBytes,
  foldersIn,
  namesIn,
  readFolder,
  removeStale,
  writeFolder,
} from "./folder";
export { type FolderLock, type LockHolder, lockFolder } from "./lock";
export { sha256 } from "./manifest";
export { openPlain, readPlain } from "./plain";
export { sharedFolder } from "./shared-folder";
export { isPlainName, makeFolder, namingPath, writeAtomically } from "./write";
