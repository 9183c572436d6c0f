/**
 * Files: written whole or not at all, folders with a manifest of hashes.
 * It must not know what is in them.
 */

export { FolderBroken, foldersIn, namesIn, readFolder, removeStale, writeFolder } from "./folder";
export { sha256 } from "./manifest";
export { isPlainName, namingPath, writeWhole } from "./write";
