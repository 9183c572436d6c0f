import { constants } from "node:fs";
import { type FileHandle, open, truncate } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "../../base";
import { type FolderLock, lockFolder, namingPath, writeAtomically } from "../../files";
import type { EncoderIdentity } from "../../store";
import { EmbeddingFileBusy } from "../errors";
import { claimFolder, embeddingFolder, ROWS, VECTORS } from "./layout";
import {
  computeChecksum,
  FORGOTTEN,
  isForgotten,
  isSound,
  putVectors,
  type RowKey,
  readRows,
  rowId,
  rowLines,
  rowsLine,
  vectorBytes,
} from "./rows";

/** The vectors of one identity, open for appending by this process only. */
export interface EmbeddingFile {
  /** Number of vectors found damaged on opening; they count as never embedded. */
  damaged: number;
  /** The row of this video's vector of this content; undefined if there is none. */
  rowOf(videoId: string, content: string): number | undefined;
  /**
   * Appends a batch. Once the promise resolves the batch is on disk; a process killed earlier leaves nothing of it.
   * @param vectors [keys, dimensions]
   */
  append(keys: readonly RowKey[], vectors: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file of an identity below `paths.embeddings`, or creates it; truncates the unfinished tail that a killed
 * process left, and removes damaged vectors.
 * @throws IdentityMixed, EmbeddingFileDamaged, EmbeddingFileBusy
 */
export async function openEmbeddingFile(embeddings: string, identity: EncoderIdentity): Promise<EmbeddingFile> {
  const { folder, lock } = await lockedFolder(embeddings, identity);
  try {
    return await openLocked(folder, identity, lock);
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

/**
 * Creates the folder of an identity if necessary and locks it for writing by this process only.
 * @throws IdentityMixed, EmbeddingFileBusy
 */
export async function lockedFolder(
  embeddings: string,
  identity: EncoderIdentity,
): Promise<{ folder: string; lock: FolderLock }> {
  const folder = embeddingFolder(embeddings, identity);
  await claimFolder(folder, identity);
  return { folder, lock: await lockFolder(folder, (holder) => new EmbeddingFileBusy(holder)) };
}

async function openLocked(folder: string, identity: EncoderIdentity, lock: FolderLock): Promise<EmbeddingFile> {
  const damaged = await repairRows(folder, identity);
  const { keys, sizeBytes } = await readRows(folder, vectorBytes(identity));
  const vectors = await openCut(join(folder, VECTORS), keys.length * vectorBytes(identity));
  const rows = await openCut(join(folder, ROWS), sizeBytes);
  const known = new Map(keys.map((key, row) => [rowId(key), row]));
  let count = keys.length;
  return {
    damaged,
    rowOf: (videoId, content) => known.get(rowId([videoId, content])),
    async append(added, values) {
      if (values.length !== added.length * identity.dimensions) {
        throw new RangeError(`${values.length} numbers are not ${added.length} vectors of ${identity.dimensions}`);
      }
      const vectorOf = (row: number) => values.subarray(row * identity.dimensions, (row + 1) * identity.dimensions);
      const line = added.map((key, row): RowKey => [key[0], key[1], computeChecksum(key, vectorOf(row))]);
      await namingPath(folder, async () => {
        await appendSynced(vectors, bytesOf(values));
        await appendSynced(rows, Buffer.from(rowsLine(line)));
      });
      for (const key of added) known.set(rowId(key), count++);
    },
    async close() {
      await vectors.close();
      await rows.close();
      await lock.release();
    },
  };
}

/** Opens a file for appending after its first `sizeBytes`; the rest is cut off. */
export async function openCut(file: string, sizeBytes: number): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;
  // O_NONBLOCK: a named pipe in the file's place is refused at once.
  const handle = await open(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o666);
  // By path: Windows cannot truncate a file that is open for appending only.
  await truncate(file, sizeBytes);
  return handle;
}

export async function appendSynced(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  await handle.appendFile(bytes);
  await handle.datasync();
}

/**
 * Checks every vector of a folder that is locked for writing: damaged ones lose their row, so that they count as never
 * embedded, and rows of earlier versions get their checksums.
 * @returns how many were damaged
 */
async function repairRows(folder: string, identity: EncoderIdentity): Promise<number> {
  const { keys } = await readRows(folder, vectorBytes(identity));
  const repaired: RowKey[] = [...keys];
  const rows = [...keys.keys()].filter((row) => !isForgotten(keys[row] ?? FORGOTTEN));
  let damaged = 0;
  await putVectors(folder, identity.dimensions, rows, (block, from, place) => {
    const row = rows[place] ?? -1;
    const key = keys[row] ?? FORGOTTEN;
    const vector = block.subarray(from, from + identity.dimensions);
    const [videoId, content, checksum] = key;
    if (!isSound(key, vector)) {
      repaired[row] = FORGOTTEN;
      damaged++;
    } else if (checksum === undefined) repaired[row] = [videoId, content, computeChecksum(key, vector)];
  });
  if (repaired.some((key, row) => key !== keys[row])) await writeAtomically(join(folder, ROWS), rowLines(repaired));
  return damaged;
}
