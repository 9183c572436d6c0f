import type { Channel, Video } from "../world";

/** Sizes of a video's picture: name in the API, file, width, height. */
export const SIZES = [
  { name: "default", file: "default.jpg", width: 120, height: 90 },
  { name: "medium", file: "mqdefault.jpg", width: 320, height: 180 },
  { name: "high", file: "hqdefault.jpg", width: 480, height: 360 },
  { name: "standard", file: "sddefault.jpg", width: 640, height: 480 },
  { name: "maxres", file: "maxresdefault.jpg", width: 1280, height: 720 },
  { name: "fhd", file: "fhddefault.jpg", width: 1920, height: 1080 },
  { name: "qhd", file: "qhddefault.jpg", width: 2560, height: 1440 },
  { name: "uhd", file: "uhddefault.jpg", width: 3840, height: 2160 },
] as const;

export type Size = (typeof SIZES)[number];

/** Whether a video has a size: the smaller three always, those above maxres one video in five that has maxres. */
export function hasSize({ missing, number }: Video, { name }: Size): boolean {
  if (name === "maxres" || name === "standard") return !missing.includes(name);
  return name === "fhd" || name === "qhd" || name === "uhd" ? number % 5 === 0 && !missing.includes("maxres") : true;
}

/** Snippet's thumbnails: search shows the three smaller ones only. */
export function picturesOf(origin: string, video: Video, sizes: readonly Size[] = SIZES): Record<string, object> {
  const entries: [string, object][] = [];
  for (const size of sizes) {
    const { name, file, width, height } = size;
    if (hasSize(video, size)) entries.push([name, { url: `${origin}/vi/${video.id}/${file}`, width, height }]);
  }
  return Object.fromEntries(entries);
}

/** A channel's picture. */
export function avatarsOf(origin: string, channel: Channel): Record<string, object> {
  const url = (side: number) => `${origin}/avatar/${channel.id}=s${side}-c-k-c0x00ffffff-no-rj`;
  const avatar = (side: number) => ({ url: url(side), width: side, height: side });
  return { default: avatar(88), medium: avatar(240), high: avatar(800) };
}
