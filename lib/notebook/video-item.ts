import type { Paths } from "../config";
import { picturePath, type Video } from "../store";
import { formatNumber } from "./number";
import type { Item } from "./tile";

const DAY_MS = 86_400_000;

/** A video as a gallery shows it: its picture, title, views and age. */
export function videoItem(paths: Pick<Paths, "thumbnails">, video: Video): Item {
  const { title, picture, views, publishedAt, collectedAt } = video;
  const days = Math.round((collectedAt.getTime() - publishedAt.getTime()) / DAY_MS);
  return {
    picture: picture === null ? new Uint8Array() : picturePath(paths.thumbnails, picture),
    title,
    caption: `${formatNumber(views)} views in ${days} days`,
  };
}
