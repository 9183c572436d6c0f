import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { type Channel, DAY } from "./channel";
import { NICHES } from "./niches";
import type { Video } from "./video";

const DATA = join(__dirname, "..", "..", "..", "..", "shared", "data", "tracker-2026-02");

const ChannelRow = z.object({
  channel_id: z.string(),
  channel_title: z.string(),
  custom_url: z.string(),
  country: z.string(),
  channel_published_at: z.coerce.date(),
});

const VideoRow = z.object({
  channel_id: z.string(),
  video_id: z.string(),
  published_at: z.coerce.date(),
  title: z.string(),
  duration_iso8601: z.string(),
  category_id: z.string(),
  view_count: z.string(),
  like_count: z.string(),
  comment_count: z.string(),
});

const DayRow = z.object({ channel_id: z.string(), subscribers: z.coerce.number() });

/** Real channels with their videos, newest first. */
export interface RealChannel {
  channel: Channel;
  videos: Video[];
}

const rows = <Row>(file: string, schema: z.ZodType<Row>): Row[] =>
  z.array(schema).parse(parse(readFileSync(join(DATA, file)), { columns: true, bom: true }));

const count = (text: string) => (text === "" ? undefined : Math.round(Number(text)));

/** Whether the real channels can be had on this machine. */
export const hasReal = existsSync(join(DATA, "videos_2026-02.csv"));

function channelOf(row: z.infer<typeof ChannelRow>, index: number, subscribers: number): Channel {
  const createdAt = row.channel_published_at.getTime();
  return {
    index,
    id: row.channel_id,
    kind: "foreign",
    niche: NICHES[0] as (typeof NICHES)[number],
    title: row.channel_title,
    description: "",
    handle: row.custom_url,
    language: "fr",
    country: row.country === "" ? undefined : row.country,
    createdAt,
    subscribers,
    hiddenSubscribers: false,
    firstUploadAt: createdAt,
    intervalMs: DAY,
    lastUploadAt: Number.MAX_SAFE_INTEGER,
  };
}

function videoOf(row: z.infer<typeof VideoRow>, channel: Channel): Video {
  return {
    id: row.video_id,
    channel,
    number: 0,
    title: row.title,
    publishedAt: Math.floor(row.published_at.getTime() / 1000) * 1000,
    duration: row.duration_iso8601,
    broadcast: "none",
    stream: undefined,
    views: count(row.view_count),
    likes: count(row.like_count),
    comments: count(row.comment_count),
    audioLanguage: "fr",
    categoryId: row.category_id,
    missing: [],
    state: "public",
  };
}

/** 200 French channels with 6,616 videos of February 2026; none where ../shared/data is absent. */
export function realChannels(firstIndex: number): RealChannel[] {
  if (!hasReal) return [];
  const subscribers = new Map(
    rows("youtube_daily_snapshots.csv", DayRow).map((row) => [row.channel_id, row.subscribers]),
  );
  const videos = new Map<string, Map<string, z.infer<typeof VideoRow>>>();
  for (const row of rows("videos_2026-02.csv", VideoRow)) {
    const own = videos.get(row.channel_id) ?? new Map();
    videos.set(row.channel_id, own.set(row.video_id, row));
  }
  return rows("channels_reference.csv", ChannelRow).map((row, at) => {
    const channel = channelOf(row, firstIndex + at, subscribers.get(row.channel_id) ?? 0);
    const own = [...(videos.get(row.channel_id)?.values() ?? [])].map((video) => videoOf(video, channel));
    return { channel, videos: own.sort((a, b) => b.publishedAt - a.publishedAt) };
  });
}
