import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { FileUnusable } from "../base";
import { namingPath } from "./write";

/**
 * Opens a regular file for reading, following links. Anything else is refused at once: opening a named pipe would
 * block, and a device may never end.
 * @throws FileUnusable if it is not a regular file; and what the file system throws
 */
export async function openPlain(path: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a named pipe waits for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new FileUnusable(path, `it is a ${describeKind(stats)}, where a file belongs`);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** Reads a regular file. @throws what `openPlain` throws */
export async function readPlain(path: string): Promise<Buffer> {
  const file = await openPlain(path);
  try {
    return await namingPath(path, () => file.readFile());
  } finally {
    await file.close();
  }
}

function describeKind(stats: Awaited<ReturnType<FileHandle["stat"]>>): string {
  if (stats.isDirectory()) return "folder";
  return stats.isFIFO() ? "named pipe" : stats.isSocket() ? "socket" : "device";
}
