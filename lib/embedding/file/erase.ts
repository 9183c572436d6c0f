import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, openPlain, writeAtomically } from "../../files";
import { ROWS } from "./layout";
import { isForgotten, type RowKey, rowLines } from "./rows";

/** The rows that are kept, until this file replaces the original; as long as it exists, erasing is unfinished. */
const erasingFile = (folder: string, file: string) => join(folder, `${file}.erasing`);
const COPIED_BYTES = 1 << 22;

/** Whether rows of a file of numbers are half erased: erasing again completes it. */
export function isErasing(folder: string, file: string): Promise<boolean> {
  return exists(erasingFile(folder, file));
}

/**
 * Erases the numbers of forgotten rows. All other rows keep their positions in a new file, with holes between them, so
 * their disk space is free; a program that is reading the old file can continue. The list of rows is written too.
 * If it is interrupted, doing it again completes it.
 * @param file of numbers in the folder
 * @param keys of all its rows, the forgotten ones included
 * @param rowBytes size of a row's numbers
 */
export async function eraseRows(
  folder: string,
  file: string,
  keys: readonly RowKey[],
  rowBytes: number,
): Promise<void> {
  await copyKept(folder, file, keys, rowBytes);
  await writeAtomically(join(folder, ROWS), rowLines(keys));
  await rename(erasingFile(folder, file), join(folder, file));
}

/** Removes what an unfinished erasing has copied. */
export async function stopErasing(folder: string, file: string): Promise<void> {
  await rm(erasingFile(folder, file), { force: true });
}

async function copyKept(folder: string, file: string, keys: readonly RowKey[], rowBytes: number): Promise<void> {
  await stopErasing(folder, file);
  const source = await openPlain(join(folder, file));
  try {
    const target = await open(erasingFile(folder, file), "w");
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
