import type { Paths } from "../config";
import { picturePath, type TrainingPair, type Video } from "../store";
import type { ThumbnailPair } from "./gallery";
import { formatNumber } from "./number";
import type { Item } from "./tile";

const DAY_MS = 86_400_000;

/** Makes a gallery item of a video: its picture, title, views and age. */
export function videoItem(paths: Pick<Paths, "thumbnails">, video: Video): Item {
  const { title, picture, views, publishedAt, collectedAt } = video;
  const days = Math.round((collectedAt.getTime() - publishedAt.getTime()) / DAY_MS);
  return {
    picture: picture === null ? new Uint8Array() : picturePath(paths.thumbnails, picture),
    title,
    caption: `${formatNumber(views)} views in ${days} days`,
  };
}

/**
 * Makes gallery items of pairs, with their margin.
 * @param videos the videos of the pairs; a pair with a video not among them is left out
 */
export function videoPairs(
  paths: Pick<Paths, "thumbnails">,
  videos: readonly Video[],
  pairs: readonly Pick<TrainingPair, "winnerId" | "loserId" | "margin">[],
): ThumbnailPair[] {
  const known = new Map(videos.map((video) => [video.videoId, video]));
  return pairs.flatMap(({ winnerId, loserId, margin }) => {
    const winner = known.get(winnerId);
    const loser = known.get(loserId);
    if (winner === undefined || loser === undefined) return [];
    const caption = [winner.channelTitle, `margin ${margin.toPrecision(2)}`].filter(Boolean).join(" · ");
    return { winner: videoItem(paths, winner), loser: videoItem(paths, loser), caption };
  });
}
