import { join } from "node:path";
import type { Picture } from "./types";

/** Where a picture lies below the folder of stored pictures: `<first 2 of sha256>/<sha256>.<format>`. */
export function picturePath(thumbnailsFolder: string, { sha256, format }: Picture): string {
  return join(thumbnailsFolder, sha256.slice(0, 2), `${sha256}.${format}`);
}
