import type { Channel, Video } from "../world";

/** Sizes of a video's picture: name in the API, file, width, height. */
export const SIZES = [
  { name: "default", file: "default.jpg", width: 120, height: 90 },
  { name: "medium", file: "mqdefault.jpg", width: 320, height: 180 },
  { name: "high", file: "hqdefault.jpg", width: 480, height: 360 },
  { name: "standard", file: "sddefault.jpg", width: 640, height: 480 },
  { name: "maxres", file: "maxresdefault.jpg", width: 1280, height: 720 },
] as const;

export type Size = (typeof SIZES)[number];

/** Snippet's thumbnails: search shows the three smaller ones only. */
export function picturesOf(origin: string, video: Video, sizes: readonly Size[] = SIZES): Record<string, object> {
  const entries: [string, object][] = [];
  for (const { name, file, width, height } of sizes)
    if (!(name === "maxres" || name === "standard") || !video.missing.includes(name))
      entries.push([name, { url: `${origin}/vi/${video.id}/${file}`, width, height }]);
  return Object.fromEntries(entries);
}

/** A channel's picture. */
export function avatarsOf(origin: string, channel: Channel): Record<string, object> {
  const url = (side: number) => `${origin}/avatar/${channel.id}=s${side}-c-k-c0x00ffffff-no-rj`;
  const avatar = (side: number) => ({ url: url(side), width: side, height: side });
  return { default: avatar(88), medium: avatar(240), high: avatar(800) };
}
