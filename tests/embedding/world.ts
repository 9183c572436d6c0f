import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { picturePath, type Thumbnail, type Video } from "../../lib/store";
import { golden, pictureFile } from "./golden";

/** Copies bytes to where a stored picture of them lies. */
export async function storePicture(
  thumbnails: string,
  bytes: Uint8Array,
  format: Thumbnail["format"],
): Promise<Thumbnail> {
  const picture: Thumbnail = { sha256: createHash("sha256").update(bytes).digest("hex"), format };
  const path = picturePath(thumbnails, picture);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return picture;
}

/** A video of which only id, title and picture matter. */
export function video(videoId: string, title: string, picture: Thumbnail | null): Video {
  return {
    videoId,
    channelId: "channel",
    channelTitle: null,
    title,
    publishedAt: new Date("2026-01-01T00:00:00Z"),
    collectedAt: new Date("2026-02-01T00:00:00Z"),
    views: 1000,
    durationSeconds: null,
    likes: null,
    comments: null,
    subscribers: null,
    language: null,
    niche: null,
    picture,
    trueCtr: null,
  };
}

/** So many videos with the golden pictures and titles in turn. */
export async function videosWithGoldenPictures(thumbnails: string, count: number): Promise<Video[]> {
  const pictures: Thumbnail[] = [];
  for (const name of Object.keys(golden.pictures)) {
    const bytes = await readFile(pictureFile(name));
    pictures.push(await storePicture(thumbnails, bytes, name.endsWith("png") ? "png" : "jpeg"));
  }
  return Array.from({ length: count }, (_, index) => {
    const title = golden.titles[index % golden.titles.length]?.title ?? "";
    return video(`v${String(index).padStart(3, "0")}`, `${title} ${index}`, pictures[index % pictures.length] ?? null);
  });
}
