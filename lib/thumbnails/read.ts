import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { errorCode, messageOf } from "../base";
import { ThumbnailRefused } from "./errors";
import { MAX_PICTURE_BYTES, tooManyBytes } from "./judge";

/** Errors about this process, not about the picture. */
const PROCESS_ERRORS = new Set(["EMFILE", "ENFILE", "ENOMEM"]);
const MIN_READ_BYTES = 4096;

/** Opens a picture's file; tests replace it. */
export type OpenFile = (path: string, flags: number) => Promise<Pick<FileHandle, "stat" | "read" | "close">>;

/**
 * Reads a picture's file. The checks apply to the opened file, so nothing can be swapped in between. Links are
 * followed; anything but a regular file is refused without waiting for it, as a named pipe would require.
 * @throws ThumbnailRefused if it is missing, unreadable, not a file or larger than a picture may be
 */
export async function readThumbnail(path: string, openFile: OpenFile = open): Promise<Buffer> {
  try {
    const file = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readRegular(file, path);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw toReadError(path, thrown);
  }
}

async function readRegular(file: Awaited<ReturnType<OpenFile>>, path: string): Promise<Buffer> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new ThumbnailRefused("PICTURE_UNREADABLE", path, "it is not a regular file");
  if (stats.size > MAX_PICTURE_BYTES) throw tooManyBytes(path);
  // A file may have grown since, or report a size of 0, like those of /proc, so it is read to its end.
  let buffer = Buffer.alloc(Math.max(MIN_READ_BYTES, stats.size + 1));
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > MAX_PICTURE_BYTES) throw tooManyBytes(path);
    if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * length);
  }
}

/**
 * Converts a file system error about a picture to a refusal; returns any other error unchanged.
 * @param thrown by a call that only reads the picture
 */
export function toReadError(path: string, thrown: unknown): unknown {
  const code = errorCode(thrown) ?? "";
  if (thrown instanceof ThumbnailRefused || !/^E[A-Z0-9]+$/.test(code) || PROCESS_ERRORS.has(code)) return thrown;
  return code === "ENOENT"
    ? new ThumbnailRefused("PICTURE_MISSING", path, "there is no such file", thrown)
    : new ThumbnailRefused("PICTURE_UNREADABLE", path, messageOf(thrown), thrown);
}
