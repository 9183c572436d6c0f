import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, win32 } from "node:path";
import { ThumbnailRefused, toReadError } from "../thumbnails";
import { RowRefused } from "./refusal";

/** Files with other extensions are ignored; if a video has several pictures, the first extension in this list wins. */
const ENDINGS = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"];
/**
 * `https://...`, `//host.name/...`, `data:image/...`; not `C:\...`, `//host/...` and `file://...`, which are file
 * paths.
 */
const URL_START = /^\s*((?!file:)[a-z][a-z0-9+.-]+:\/\/|\/\/[\w-]+(\.[\w-]+)+(:\d+)?\/|data:image\/)/i;

/**
 * Finds videos' pictures in a thumbnail folder. A folder is listed only once, however many videos are looked up.
 * Extensions match in any case; the rest of a name is case-sensitive, as YouTube's ids are.
 */
export class ThumbnailFinder {
  /** File names by stem, for each folder listed so far. */
  readonly #names = new Map<string, Promise<Map<string, string[]>>>();

  /** @param folder the thumbnail folder, as `realpath` gives it */
  constructor(readonly folder: string) {}

  /**
   * The picture file of a video: the one the table names, else `<video_id>.jpg` (.jpeg, .jpe, .jfif, .png, .webp).
   * @param named path below the folder from the column `thumbnail`; null or a web address means that no file is named
   * @throws RowRefused if the path, or a link on it, leaves the folder; ThumbnailRefused if there is no such picture
   */
  async find(videoId: string, named: string | null): Promise<string> {
    const path = named === null || URL_START.test(named) ? null : named;
    for (const candidate of path === null ? await this.#namesOf(join(this.folder, videoId)) : [path]) {
      const file = await this.#existing(candidate);
      if (file !== undefined) return file;
    }
    const wanted = path ?? `${videoId}.{${ENDINGS.map((ending) => ending.slice(1)).join(",")}}`;
    throw new ThumbnailRefused("PICTURE_MISSING", wanted, `there is none of this name in ${this.folder}`);
  }

  async #existing(candidate: string): Promise<string | undefined> {
    const path = resolve(this.folder, candidate);
    // Windows' separators and drives are recognised everywhere: a table must mean the same on every machine.
    const leaves = candidate.split(/[\\/]/).includes("..") || isAbsolute(candidate) || win32.isAbsolute(candidate);
    if (leaves || !isBelow(this.folder, path)) {
      throw new RowRefused(
        "PICTURE_OUTSIDE",
        `the picture path ${JSON.stringify(candidate)} leaves the thumbnail folder`,
      );
    }
    const file = (await real(path)) ?? (await this.#realOtherwise(path));
    if (file !== undefined && !isBelow(this.folder, file))
      throw new RowRefused("PICTURE_OUTSIDE", `${path} is a link that leaves the thumbnail folder`);
    return file;
  }

  /** The same picture with its extension in another case than in the table. */
  async #realOtherwise(path: string): Promise<string | undefined> {
    const folder = await real(dirname(path));
    if (folder === undefined || !(folder === this.folder || isBelow(this.folder, folder))) return undefined;
    const ending = extname(path);
    const names = await this.#namesOf(path.slice(0, path.length - ending.length));
    const name = names.find((one) => extname(one).toLowerCase() === ending.toLowerCase());
    return name === undefined ? undefined : real(join(folder, name));
  }

  /** Names of the pictures at this path, which has no extension. */
  async #namesOf(path: string): Promise<string[]> {
    const folder = dirname(path);
    const listed = this.#names.get(folder) ?? namesIn(folder);
    this.#names.set(folder, listed);
    return (await listed).get(basename(path)) ?? [];
  }
}

/** Names of pictures by stem; the names of each stem are in the order of their extensions. */
async function namesIn(folder: string): Promise<Map<string, string[]>> {
  const byStem = new Map<string, string[]>();
  const names = await readdir(folder).catch((thrown) => {
    throw toReadError(folder, thrown);
  });
  for (const name of names) {
    const ending = extname(name);
    if (rankOf(ending) === -1) continue;
    const stem = name.slice(0, name.length - ending.length);
    byStem.set(stem, [...(byStem.get(stem) ?? []), name]);
  }
  for (const same of byStem.values()) same.sort(byEnding);
  return byStem;
}

/** For equal extensions, lower case comes first. */
function byEnding(a: string, b: string): number {
  return rankOf(extname(a)) - rankOf(extname(b)) || (a > b ? -1 : 1);
}

const rankOf = (ending: string) => ENDINGS.indexOf(ending.toLowerCase());

/** Resolves a path; undefined if nothing is there. @throws ThumbnailRefused if it cannot be followed */
function real(path: string): Promise<string | undefined> {
  return realpath(path).catch((thrown) => {
    const refusal = toReadError(path, thrown);
    if (refusal instanceof ThumbnailRefused && refusal.code === "PICTURE_MISSING") return undefined;
    throw refusal;
  });
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
}
