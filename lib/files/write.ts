import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let temporaryCount = 0;

/**
 * Writes a file whole or not at all, making its folder: written aside, synced, renamed into place. Whenever the process
 * is killed, the file of that name is the old one or the new one.
 * @param mode its permissions, less the process's umask
 * @throws what the file system throws, with nothing left behind
 */
export async function writeAtomically(path: string, content: Uint8Array | string, mode = 0o666): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.tmp-${process.pid}-${temporaryCount++}-${basename(path)}`);
  try {
    await writeSynced(temporary, content, mode);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes a file and waits until the disk has it. */
export async function writeSynced(path: string, content: Uint8Array | string, mode = 0o666): Promise<void> {
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

/** Does work on an open file; what the file system throws then names its path, which Node leaves out. */
export async function namingPath<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error && !("path" in thrown)) Object.assign(thrown, { path });
    throw thrown;
  }
}

/** Whether a name is one plain folder or file name, so that what it names lies where it is looked for. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}
