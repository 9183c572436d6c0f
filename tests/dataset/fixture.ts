import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import { finish } from "../../lib/base/progress";
import { type ImportOptions, type ImportReport, importTable } from "../../lib/dataset";
import type { UpsertCounts, Video } from "../../lib/store";
import { NOW } from "./now";

export { NOW };
export const COLUMNS = ["video_id", "channel_id", "title", "published_at", "views", "collected_at"];

/** A store that keeps videos in memory, as the real ones do: newer reading wins, equal ones change nothing. */
export class MemoryStore {
  readonly videos = new Map<string, Video>();
  writes = 0;

  async upsertVideos(videos: Iterable<Video> | AsyncIterable<Video>): Promise<UpsertCounts> {
    const counts = { inserted: 0, updated: 0, unchanged: 0 };
    for await (const video of videos) {
      const before = this.videos.get(video.videoId);
      const isOlder = before && before.collectedAt > video.collectedAt;
      if (isOlder || (before && JSON.stringify(before) === JSON.stringify(video))) counts.unchanged++;
      else {
        counts[before ? "updated" : "inserted"]++;
        this.writes++;
        this.videos.set(video.videoId, video);
      }
    }
    return counts;
  }
}

/** A folder that is gone after the test, with an empty folder of thumbnails in it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-dataset-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "thumbnails"));
  return folder;
}

/** A small JPEG whose content depends on the seed. */
export function jpeg(seed: number, width = 120, height = 90): Promise<Buffer> {
  const size = width * height * 3;
  const pixels = Uint8Array.from({ length: size }, (_, at) => (at * 7 + seed * 31 + (at % 13) * seed) % 256);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

/** A good row of the columns above, with some cells changed. */
export function row(videoId: string, changes: Record<string, string> = {}): string {
  const cells: Record<string, string> = {
    video_id: videoId,
    channel_id: "UC-channel",
    title: `Title of ${videoId}`,
    published_at: "2024-03-01T10:00:00Z",
    views: "1234",
    collected_at: "2024-05-01T00:00:00Z",
    ...changes,
  };
  return Object.values(cells)
    .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(",");
}

/** Writes a table of lines, and a picture for each id. */
export async function table(folder: string, lines: string[], pictures: string[] = []): Promise<string> {
  for (const [index, id] of pictures.entries()) {
    await writeFile(join(folder, "thumbnails", `${id}.jpg`), await jpeg(index + 1));
  }
  const file = join(folder, "videos.csv");
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

/** Imports a file of the folder into a store. */
export function importInto(
  store: ImportOptions["store"],
  folder: string,
  file: string,
  options: Partial<ImportOptions> = {},
): Promise<ImportReport> {
  const thumbnails = join(folder, "thumbnails");
  const paths = { thumbnails: join(folder, "stored") };
  return finish(importTable({ file, thumbnails, store, paths, now: NOW, ...options }));
}
