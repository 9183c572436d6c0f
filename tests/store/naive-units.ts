import type { PairOptions, ViewsUnit } from "../../lib/config";
import type { Video } from "../../lib/store";

/** The unit of a reading's views: as its source names it, else by the dates. */
export function unitOf({ viewsUnit, publishedAt, collectedAt }: Video, { viewsChangedOn }: PairOptions): ViewsUnit {
  const changed = new Date(`${viewsChangedOn}T00:00:00Z`);
  if (viewsUnit !== undefined) return viewsUnit;
  if (collectedAt < changed) return "engaged";
  return publishedAt < changed ? "mixed" : "starts";
}

/** Videos as if each unit of a channel's were a channel: no label may compare more of them. */
export function apart(videos: Video[], unit: (video: Video) => ViewsUnit): Video[] {
  return videos.map((video) => ({ ...video, channelId: `${video.channelId} ${unit(video)}` }));
}

export const channelOf = (apartId: string): string => apartId.slice(0, apartId.lastIndexOf(" "));
