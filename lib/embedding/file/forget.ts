import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../config";
import { exists, openPlain, writeAtomically } from "../../files";
import type { EncoderIdentity } from "../../store";
import { forgetHiddenStates } from "../prefix/write";
import { ROWS, VECTORS } from "./layout";
import { embeddedIdentities } from "./load";
import { FORGOTTEN, isForgotten, type RowKey, readRows, rowLines, vectorBytes } from "./rows";
import { lockedFolder } from "./write";

/** The vectors that are kept, until this file replaces the original; as long as it exists, erasing is unfinished. */
const ERASING = `${VECTORS}.erasing`;
const COPIED_BYTES = 1 << 22;

/**
 * Removes the vectors of these videos from the files of every encoder, and their hidden states. All other rows keep
 * their positions, so a training that is reading the file can continue; vectors free their disk space, since removed
 * rows become holes in the file, and hidden states become zeros.
 * If it is interrupted, calling it again completes it.
 * @returns how many vectors were removed
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
  await forgetHiddenStates(paths.embeddings, videoIds);
  return forgotten;
}

async function forgetIn(folder: string, identity: EncoderIdentity, videoIds: ReadonlySet<string>): Promise<number> {
  const { keys } = await readRows(folder, vectorBytes(identity));
  const left = keys.map((key) => (videoIds.has(key[0]) ? FORGOTTEN : key));
  const count = left.filter((key, row) => key !== keys[row]).length;
  if (count === 0 && !(await exists(join(folder, ERASING)))) return 0;
  await copyKept(folder, left, vectorBytes(identity));
  await writeAtomically(join(folder, ROWS), rowLines(left));
  await rename(join(folder, ERASING), join(folder, VECTORS));
  return count;
}

/** Copies the remaining vectors to the same positions in a new file, with holes between them. */
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

/** Ranges of rows that are not forgotten, the end excluded. */
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
