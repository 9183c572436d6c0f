/**
 * Files: atomic writes, folders with a manifest of hashes, and the exclusive write lock on a folder. It must not know
 * what the files contain.
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
export { currentProcess, type FolderLock, type LockHolder, lockFolder, mayBeAlive, type ProcessIdentity } from "./lock";
export { MANIFEST, sha256 } from "./manifest";
export { openPlain, readPlain } from "./plain";
export { sharedFolder } from "./shared-folder";
export { isPlainName, makeFolder, namingPath, writeAtomically } from "./write";
