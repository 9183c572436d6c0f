import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../base";

/** Text, bytes, or bytes that are made while the file is written. */
type FileContent = string | Uint8Array | AsyncIterable<Uint8Array>;

let temporaryCount = 0;

/**
 * Writes a file atomically and makes its folder: writes and syncs a temporary file, then renames it. If the process is
 * killed at any time, the file is either the old one or the new one.
 * @param content all of it, or its parts one after another
 * @param mode its permissions, before the process's umask is applied
 * @throws what the file system throws, with nothing left behind
 */
export async function writeAtomically(path: string, content: FileContent, mode = 0o666): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.tmp-${process.pid}-${temporaryCount++}-${basename(path)}`);
  try {
    await writeSynced(temporary, content, mode);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes a file and waits until it is on disk. */
export async function writeSynced(path: string, content: FileContent, mode = 0o666): Promise<void> {
  const file = await open(path, "w", mode);
  try {
    await namingPath(path, async () => {
      await file.writeFile(content);
      await file.sync();
    });
  } finally {
    await file.close();
  }
}

/** Does work on an open file; adds the file's path to what the file system throws, which Node leaves out. */
export async function namingPath<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error && !("path" in thrown)) Object.assign(thrown, { path });
    throw thrown;
  }
}

/**
 * Makes a folder and its parents. It does not use Node's recursive `mkdir`, which never ends in /proc: no folder can be
 * made there, and the system reports the parent as missing although it exists.
 * @throws what the file system throws
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (thrown) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (errorCode(thrown) !== "ENOENT" || parent === path) throw thrown;
    if (!(await isFolder(parent))) await makeFolder(parent, mode);
    // Another process may have made the parent or the folder meanwhile.
    await mkdir(path, mode).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again;
    });
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Whether a name is a single plain file or folder name, so that it cannot point elsewhere. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}
