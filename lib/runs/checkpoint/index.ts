/**
 * Checkpoints: a training state as a folder that is whole or absent, found again by step.
 * Knows files and hashes; must not know how the state was computed, nor who shows its warnings.
 */

export { FolderBroken, namesIn, readFolder, removeStale, sha256, writeFolder } from "../../files";
export {
  CheckpointDamaged,
  CheckpointMissing,
  CheckpointNotWritten,
} from "./errors";
export type { CheckpointKind } from "./names";
export { type Checkpoint, type LatestCheckpoint, latestCheckpoint, readCheckpoint } from "./read";
export { writeCheckpoint } from "./write";
