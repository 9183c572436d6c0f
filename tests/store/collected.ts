import type { Reading, Store, Video } from "../../lib/store";

const READINGS_AT_ONCE = 1000;

/** Puts videos into a store as a collection does: channels found and accepted, uploads listed, details read. */
export async function collectInto(store: Store, videos: readonly Video[]): Promise<void> {
  const channelIds = [...new Set(videos.map(({ channelId }) => channelId))];
  await store.saveSearchPage({ niche: "tech", query: "tech", page: 0, nextPageToken: null, channelIds });
  const details = { reason: null, title: "Title", subscribers: 1000, uploads: "UU", readAt: videos[0]?.collectedAt };
  await store.judgeChannels(
    channelIds.map((channelId) => ({ ...details, channelId, state: "accepted", readAt: details.readAt ?? new Date() })),
  );
  for (const channelId of channelIds) {
    const videoIds = videos.filter((video) => video.channelId === channelId).map(({ videoId }) => videoId);
    const end = { nextPageToken: null, ended: "all", refused: null, most: 20_000 };
    await store.saveListing({ channelId, pageToken: null, ...end, videoIds });
  }
  for (let from = 0; from < videos.length; from += READINGS_AT_ONCE)
    await store.saveReadings(readingsOf(videos.slice(from, from + READINGS_AT_ONCE)), []);
}

export function readingsOf(videos: readonly Video[]): Reading[] {
  return videos.map((video) => ({ video, thumbnailUrls: [`https://i.example/${video.videoId}.jpg`] }));
}
