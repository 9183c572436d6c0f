import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../config";
import { exists, openPlain, writeAtomically } from "../../files";
import type { EncoderIdentity } from "../../store";
import { ROWS, VECTORS } from "./layout";
import { embeddedIdentities } from "./load";
import { FORGOTTEN, isForgotten, type RowKey, readRows, rowLines } from "./rows";
import { lockedFolder } from "./write";

/** The vectors without the forgotten ones, until it takes the file's place; while it is there, erasing is not done. */
const ERASING = `${VECTORS}.erasing`;
const COPIED_BYTES = 1 << 22;

/**
 * Takes the vectors of these videos out of the files of every encoder. No other row changes its place, so a training
 * that reads meanwhile reads on; the room is returned, since the forgotten become holes of the file. Killed anywhere,
 * it is completed by calling it again.
 * @returns how many rows were taken out
 * @throws EmbeddingFileBusy, EmbeddingFileDamaged
 */
export async function forgetVectors(paths: Pick<Paths, "embeddings">, videoIds: ReadonlySet<string>): Promise<number> {
  let forgotten = 0;
  for (const identity of await embeddedIdentities(paths)) {
    const { folder, lock } = await lockedFolder(paths.embeddings, identity);
    try {
      forgotten += await forgetIn(folder, identity, videoIds);
    } finally {
      await lock.release();
    }
  }
  return forgotten;
}

async function forgetIn(folder: string, identity: EncoderIdentity, videoIds: ReadonlySet<string>): Promise<number> {
  const { keys } = await readRows(folder, identity);
  const left = keys.map((key) => (videoIds.has(key[0]) ? FORGOTTEN : key));
  const count = left.filter((key, row) => key !== keys[row]).length;
  if (count === 0 && !(await exists(join(folder, ERASING)))) return 0;
  await copyKept(folder, left, identity.dimensions * 4);
  await writeAtomically(join(folder, ROWS), rowLines(left));
  await rename(join(folder, ERASING), join(folder, VECTORS));
  return count;
}

/** Copies the vectors of the rows that are left to their places in a new file; between them are holes. */
async function copyKept(folder: string, keys: readonly RowKey[], rowBytes: number): Promise<void> {
  await rm(join(folder, ERASING), { force: true });
  const source = await openPlain(join(folder, VECTORS));
  try {
    const target = await open(join(folder, ERASING), "w");
    try {
      for (const [from, to] of findRuns(keys)) await copyBytes(source, target, from * rowBytes, to * rowBytes);
      await target.truncate(keys.length * rowBytes);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Stretches of rows that are not forgotten: from, and up to but without. */
function* findRuns(keys: readonly RowKey[]): Generator<[from: number, to: number]> {
  for (let from = 0, to = 0; to <= keys.length; to++) {
    const key = keys[to];
    if (key !== undefined && !isForgotten(key)) continue;
    if (from < to) yield [from, to];
    from = to + 1;
  }
}

async function copyBytes(source: FileHandle, target: FileHandle, from: number, to: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(COPIED_BYTES, to - from));
  for (let i = from; i < to; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, to - i), i);
    if (bytesRead === 0) return; // readRows has counted the bytes
    await target.write(buffer, 0, bytesRead, i);
    i += bytesRead;
  }
}
