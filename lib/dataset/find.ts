import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, win32 } from "node:path";
import { RowRefused } from "./refusal";

const ENDINGS = ["jpg", "jpeg", "png", "webp"];
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The picture file of a video: the one the table names, else `<video_id>.jpg` (.jpeg, .png, .webp).
 * @param folder the thumbnail folder, as `realpath` gives it
 * @param named path below the folder from the column `thumbnail`
 * @throws RowRefused when there is none, or when the path, or a link on it, leaves the folder
 */
export async function findPicture(folder: string, videoId: string, named: string | null): Promise<string> {
  const candidates = named === null ? ENDINGS.map((ending) => `${videoId}.${ending}`) : [named];
  for (const candidate of candidates) {
    const file = await existing(folder, candidate);
    if (file !== undefined) return file;
  }
  throw new RowRefused("PICTURE_MISSING", `there is no ${named ?? `${videoId}.{${ENDINGS.join(",")}}`} in ${folder}`);
}

async function existing(folder: string, candidate: string): Promise<string | undefined> {
  // Windows' separators and drives count everywhere: a table must mean the same on every machine.
  const segments = candidate.split(/[\\/]/);
  const path = resolve(folder, candidate);
  if (segments.includes("..") || isAbsolute(candidate) || win32.isAbsolute(candidate) || !isBelow(folder, path)) {
    throw new RowRefused(
      "PICTURE_OUTSIDE",
      `the picture path ${JSON.stringify(candidate)} leaves the thumbnail folder`,
    );
  }
  const file = await realpath(path).catch(() => undefined);
  if (file === undefined) return undefined;
  if (!isBelow(folder, file)) {
    throw new RowRefused("PICTURE_OUTSIDE", `${join(folder, candidate)} is a link that leaves the thumbnail folder`);
  }
  await requireReadable(file);
  return file;
}

/** A pipe or device would block the import, a huge file would fill the memory. */
async function requireReadable(file: string): Promise<void> {
  const { size, ...entry } = await stat(file).then((stats) => ({ size: stats.size, regular: stats.isFile() }));
  if (!entry.regular) throw new RowRefused("PICTURE_BROKEN", `${file} is not a file`);
  if (size > MAX_BYTES) throw new RowRefused("PICTURE_BROKEN", `${file} has ${size} bytes, more than ${MAX_BYTES}`);
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
}
