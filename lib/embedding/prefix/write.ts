import { type FileHandle, open, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { toFloat16 } from "../../engine";
import { type FolderLock, lockFolder, makeFolder, namingPath, writeAtomically } from "../../files";
import { EmbeddingFileBusy, HiddenStatesOutOfRange, HiddenStatesTooLarge, HiddenStatesUnusable } from "../errors";
import { eraseRows, isErasing, stopErasing } from "../file/erase";
import { ROWS } from "../file/layout";
import {
  computeChecksum,
  FORGOTTEN,
  isForgotten,
  type RowKey,
  readRows,
  rowId,
  rowLines,
  rowsLine,
} from "../file/rows";
import { appendSynced, openCut } from "../file/write";
import {
  HIDDEN,
  identityText,
  type PictureKey,
  PREFIX_IDENTITY,
  type PrefixIdentity,
  prefixFolder,
  readPrefixIdentity,
  rowSizeBytes,
  rowsByPicture,
} from "./file";

/** Largest number of float16. */
const LARGEST = 65_504;

/** What computing hidden states will take, to be said before it starts. */
export interface PrefixPlan {
  folder: string;
  /** Pictures whose hidden states are not in the file yet, as indices in the given list. */
  missing: number[];
  /** What they add to the file. */
  sizeBytes: number;
  freeBytes: number;
}

export interface PrefixJob {
  /** `paths.embeddings` */
  embeddings: string;
  identity: PrefixIdentity;
  pictures: readonly PictureKey[];
  /**
   * Computes hidden states of some pictures.
   * @param indices in `pictures`
   * @returns [indices * tokens, width], row-major
   */
  compute(indices: readonly number[]): Promise<Float32Array>;
  /** Pictures of a batch. */
  batch: number;
}

/** After each batch. */
export interface PrefixProgress {
  done: number;
  total: number;
  /** Of the batch. */
  elapsedMs: number;
}

/**
 * Finds which hidden states are missing, and the space that they take.
 * @throws HiddenStatesUnusable
 */
export async function planPrefix(
  embeddings: string,
  identity: PrefixIdentity,
  pictures: readonly PictureKey[],
): Promise<PrefixPlan> {
  const folder = prefixFolder(embeddings, identity);
  await makeFolder(folder);
  const { keys } = await readRows(folder, rowSizeBytes(identity), HIDDEN);
  const known = new Set(rowsByPicture(keys).keys());
  const missing: number[] = [];
  for (const [index, picture] of pictures.entries()) {
    const id = rowId(picture);
    if (!known.has(id)) missing.push(index);
    known.add(id);
  }
  const sizeBytes = missing.length * rowSizeBytes(identity);
  return { folder, missing, sizeBytes, freeBytes: await freeBytesIn(folder) };
}

async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Computes the hidden states that are missing, and appends them batch by batch: a batch is on the disk when the next one
 * starts, and a process killed earlier leaves nothing of it.
 * @throws HiddenStatesTooLarge before anything is computed; EmbeddingFileBusy, HiddenStatesOutOfRange,
 *   HiddenStatesUnusable
 */
export async function* writePrefix(job: PrefixJob): AsyncGenerator<PrefixProgress> {
  const { embeddings, identity, pictures } = job;
  const folder = prefixFolder(embeddings, identity);
  const lock = await claim(folder, identity);
  try {
    const { missing, sizeBytes, freeBytes } = await planPrefix(embeddings, identity, pictures);
    if (sizeBytes > freeBytes) throw new HiddenStatesTooLarge(folder, sizeBytes, freeBytes);
    const files = await openForAppending(folder, identity);
    try {
      for (let done = 0; done < missing.length; ) {
        const began = performance.now();
        const indices = missing.slice(done, done + job.batch);
        await append(folder, files, job, indices);
        done += indices.length;
        yield { done, total: missing.length, elapsedMs: performance.now() - began };
      }
    } finally {
      await files.hidden.close();
      await files.rows.close();
    }
  } finally {
    await lock.release();
  }
}

interface PrefixFiles {
  hidden: FileHandle;
  rows: FileHandle;
}

/** Creates the folder and its description, and locks it for writing by this process only. */
async function claim(folder: string, identity: PrefixIdentity): Promise<FolderLock> {
  await makeFolder(folder);
  const lock = await lockFolder(folder, (holder) => new EmbeddingFileBusy(holder));
  try {
    const found = await readPrefixIdentity(folder);
    if (found === undefined) await writeAtomically(join(folder, PREFIX_IDENTITY), identityText(identity));
    else if (identityText(found) !== identityText(identity))
      throw new HiddenStatesUnusable(folder, `${PREFIX_IDENTITY} describes others`);
    return lock;
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

/** Opens both files after their last complete batch. */
async function openForAppending(folder: string, identity: PrefixIdentity): Promise<PrefixFiles> {
  const { keys, sizeBytes } = await readRows(folder, rowSizeBytes(identity), HIDDEN);
  const hidden = await openCut(join(folder, HIDDEN), keys.length * rowSizeBytes(identity));
  return { hidden, rows: await openCut(join(folder, ROWS), sizeBytes) };
}

async function append(folder: string, files: PrefixFiles, job: PrefixJob, indices: readonly number[]): Promise<void> {
  const { identity, pictures } = job;
  const values = await job.compute(indices);
  const size = identity.tokens * identity.width;
  if (values.length !== indices.length * size)
    throw new RangeError(`${values.length} numbers are not the hidden states of ${indices.length} pictures`);
  const halves = new Uint16Array(values.length);
  toFloat16(values, halves);
  const keys = indices.map((index, place): RowKey => {
    const [videoId, content] = pictures[index] as PictureKey;
    const end = (place + 1) * size;
    requireHalves(videoId, values.subarray(place * size, end));
    return [videoId, content, computeChecksum([videoId, content], halves.subarray(place * size, end))];
  });
  await namingPath(folder, async () => {
    await appendSynced(files.hidden, new Uint8Array(halves.buffer));
    await appendSynced(files.rows, Buffer.from(rowsLine(keys)));
  });
}

function requireHalves(videoId: string, values: Float32Array): void {
  for (const value of values) if (!(Math.abs(value) <= LARGEST)) throw new HiddenStatesOutOfRange(videoId, value);
}

/** Removes the hidden states of these videos from every file below `paths.embeddings`. */
export async function forgetHiddenStates(embeddings: string, videoIds: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(embeddings).catch(() => [])) {
    const folder = join(embeddings, name);
    const identity = await readPrefixIdentity(folder);
    if (identity === undefined) continue;
    const lock = await claim(folder, identity);
    try {
      await forgetIn(folder, identity, videoIds);
    } finally {
      await lock.release();
    }
  }
}

/** What is kept is copied, which frees the disk space of the rest; where there is no room for it, zeros must do. */
async function forgetIn(folder: string, identity: PrefixIdentity, videoIds: ReadonlySet<string>): Promise<void> {
  const rowBytes = rowSizeBytes(identity);
  const { keys } = await readRows(folder, rowBytes, HIDDEN);
  const left = keys.map((key) => (videoIds.has(key[0]) ? FORGOTTEN : key));
  if (left.every((key, row) => key === keys[row]) && !(await isErasing(folder, HIDDEN))) return;
  const keptBytes = left.filter((key) => !isForgotten(key)).length * rowBytes;
  if (keptBytes <= (await freeBytesIn(folder))) return eraseRows(folder, HIDDEN, left, rowBytes);
  await zeroRows(join(folder, HIDDEN), left, rowBytes);
  await writeAtomically(join(folder, ROWS), rowLines(left));
  await stopErasing(folder, HIDDEN);
}

/** Rows that are holes stay such. */
async function zeroRows(path: string, keys: readonly RowKey[], rowBytes: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    const found = new Uint8Array(rowBytes);
    const zeros = new Uint8Array(rowBytes);
    for (const [row, key] of keys.entries()) {
      if (!isForgotten(key)) continue;
      await file.read(found, 0, rowBytes, row * rowBytes);
      if (found.some((byte) => byte !== 0)) await file.write(zeros, 0, rowBytes, row * rowBytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
