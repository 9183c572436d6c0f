import type { SampleVideo } from "./world";

const COLUMNS: Record<string, (video: SampleVideo["video"]) => string | number | null> = {
  video_id: (video) => video.videoId,
  channel_id: (video) => video.channelId,
  channel_title: (video) => video.channelTitle,
  title: (video) => video.title,
  published_at: (video) => video.publishedAt.toISOString(),
  views: (video) => video.views,
  collected_at: (video) => video.collectedAt.toISOString(),
  duration: (video) => video.durationSeconds,
  likes: (video) => video.likes,
  comments: (video) => video.comments,
  subscribers: (video) => video.subscribers,
  language: (video) => video.language,
  niche: (video) => video.niche,
};

/** The world as the CSV table that an import reads. (No cell of it holds a comma or a quote.) */
export function tableOf(world: SampleVideo[]): string {
  const rows = world.map(({ video }) => Object.values(COLUMNS).map((cell) => cell(video) ?? ""));
  return [Object.keys(COLUMNS), ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}
