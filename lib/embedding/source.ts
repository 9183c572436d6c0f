import { createHash } from "node:crypto";
import { picturePath, type Video } from "../store";
import { PictureRefused } from "../thumbnails";
import type { ImageEncoder, PictureSource, Pixels } from "./encoder";

/** What is embedded of a video. */
export type Listed = Pick<Video, "videoId" | "title" | "picture">;

/** Where an encoder's inputs come from. */
export interface Source<Input> {
  /** A hash that changes with the input: another picture or title is embedded anew. */
  content(video: Listed): string;
  /** @throws PictureRefused when there is nothing to encode */
  input(video: Listed): Promise<Input>;
}

/** Stored pictures, decoded for an encoder. @param thumbnails folder of stored pictures */
export function pictureSource(image: ImageEncoder, thumbnails: string): Source<PictureSource | Pixels> {
  return {
    content: ({ picture }) => picture?.sha256 ?? "no picture",
    async input({ videoId, picture }) {
      if (!picture) throw new PictureRefused("PICTURE_MISSING", `of video ${videoId}`, "it was stored without one");
      return image.decode(picturePath(thumbnails, picture));
    },
  };
}

/** Titles as they are. */
export const titleSource: Source<string> = {
  content: ({ title }) => createHash("sha256").update(title).digest("hex").slice(0, 32),
  input: async ({ title }) => title,
};

/** Videos in the order in which they are cut into batches. */
export async function listVideos(videos: AsyncIterable<Video>): Promise<Listed[]> {
  const listed: Listed[] = [];
  for await (const { videoId, title, picture } of videos) listed.push({ videoId, title, picture });
  return listed.sort((a, b) => (a.videoId < b.videoId ? -1 : 1));
}
