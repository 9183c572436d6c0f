import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import type { Video } from "../../lib/store";
import { pictureOf } from "./world";

/** Readings of real videos from a table of trending lists; pictures, of which it has none, are made up, one a video. */
export async function readingsFrom(file: string): Promise<Video[]> {
  const rows = createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({ columns: true }));
  const pictures = new Map<string, number>();
  const readings: Video[] = [];
  for await (const row of rows as AsyncIterable<Record<string, string>>) {
    const id = row.video_id ?? "";
    if (!pictures.has(id)) pictures.set(id, pictures.size);
    const publishedAt = dateOf(row.published_at);
    const collectedAt = dateOf(row.fetched_at);
    if (publishedAt === null || collectedAt === null || row.views === "") continue;
    readings.push({
      videoId: id,
      channelId: row.channel_id ?? "",
      channelTitle: row.channel_title ?? "",
      title: row.title ?? "",
      publishedAt,
      collectedAt,
      views: Math.round(Number(row.views)),
      durationSeconds: Number(row.duration),
      likes: null,
      comments: null,
      subscribers: null,
      language: null,
      niche: null,
      trueCtr: null,
      picture: pictureOf(pictures.get(id) ?? 0),
    });
  }
  return readings;
}

function dateOf(text = ""): Date | null {
  const date = new Date(text.replace(" ", "T"));
  return Number.isNaN(date.getTime()) ? null : date;
}
