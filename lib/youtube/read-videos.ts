import type { Absent, Reading } from "../store";
import { Page } from "./answers";
import type { Call } from "./call";
import { ItemRefused } from "./errors";
import { idOf, parseReading } from "./reading";

/** The API's limit on ids per call. */
export const IDS_PER_CALL = 50;

const PARTS = "snippet,contentDetails,statistics,liveStreamingDetails";
const FIELDS =
  "items(id,snippet(publishedAt,channelId,channelTitle,title,defaultLanguage,defaultAudioLanguage,liveBroadcastContent,thumbnails),contentDetails/duration,statistics(viewCount,likeCount,commentCount),liveStreamingDetails(actualStartTime,actualEndTime))";

/** Videos that were read, and why the others were not. */
export interface ReadVideos {
  read: Reading[];
  absent: Absent[];
}

/**
 * Reads the details of up to 50 videos in one call of videos.list. Videos missing from the answer count as removed. If
 * YouTube refuses the whole call because of one video, the ids are bisected to find it. Niche and subscribers are null,
 * since an answer about videos does not contain them.
 * @param now the clock, for the time at which a video counts as read
 * @throws what a call throws, except for ItemRefused
 */
export async function readVideos(call: Call, ids: readonly string[], now: () => Date): Promise<ReadVideos> {
  if (ids.length === 0) return { read: [], absent: [] };
  try {
    return await readBatch(call, ids, now);
  } catch (thrown) {
    if (!(thrown instanceof ItemRefused)) throw thrown;
    const [videoId = ""] = ids;
    if (ids.length === 1) return { read: [], absent: [{ videoId, state: "skipped", reason: thrown.reason }] };
    const half = Math.ceil(ids.length / 2);
    const first = await readVideos(call, ids.slice(0, half), now);
    const second = await readVideos(call, ids.slice(half), now);
    return { read: [...first.read, ...second.read], absent: [...first.absent, ...second.absent] };
  }
}

async function readBatch(call: Call, ids: readonly string[], now: () => Date): Promise<ReadVideos> {
  const { items } = await call({
    method: "videos.list",
    send: (api) => api.videos.list({ part: [PARTS], id: [ids.join(",")], maxResults: IDS_PER_CALL, fields: FIELDS }),
    answer: Page,
  });
  const at = now();
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const readings = ids.map((videoId): Reading | Absent =>
    byId.has(videoId)
      ? parseReading(videoId, byId.get(videoId), at)
      : { videoId, state: "removed", reason: "not returned by videos.list" },
  );
  return {
    read: readings.filter((reading) => "video" in reading),
    absent: readings.filter((reading) => "state" in reading),
  };
}
