import type { Channel } from "./channel";
import type { Video } from "./video";
import type { World } from "./world";

/** A channel as an undisturbed collection must have it. */
export interface ExpectedChannel {
  id: string;
  title: string;
  niche: string;
  kind: Channel["kind"];
  country: string | undefined;
  language: string;
  createdAt: Date;
  /** Undefined where the owner hides it. */
  subscribers: number | undefined;
  uploadsPlaylistId: string;
  /** Videos in the list of uploads, whatever became of them. */
  uploads: number;
}

/** A video as an undisturbed collection must have it. */
export interface ExpectedVideo {
  id: string;
  channelId: string;
  title: string;
  publishedAt: Date;
  /** ISO 8601. */
  duration: string;
  views: number | undefined;
  likes: number | undefined;
  comments: number | undefined;
  language: string | undefined;
  isLive: boolean;
  wasStream: boolean;
  /** The largest size of its picture that is 16:9; 320x180 is always there. */
  largestWidePicture: "maxres" | "medium";
}

/** The playlist of a channel's uploads. */
export const uploadsPlaylistOf = (channelId: string): string => `UU${channelId.slice(2)}`;

/** What channels.list shows of every channel of the world, in the world's order: those that are gone are left out. */
export function expectedChannels(world: World, at: number): ExpectedChannel[] {
  const all = Array.from({ length: world.channelCount }, (_, index) => world.channelAt(index));
  return all.filter(({ kind }) => kind !== "gone").map((channel) => expectedChannel(world, channel, at));
}

function expectedChannel(world: World, channel: Channel, at: number): ExpectedChannel {
  const { id, title, niche, kind, country, language } = channel;
  const subscribers = channel.hiddenSubscribers ? undefined : channel.subscribers;
  const createdAt = new Date(channel.createdAt);
  const uploads = world.uploads(channel, at);
  const uploadsPlaylistId = uploadsPlaylistOf(id);
  return { id, title, niche: niche.name, kind, country, language, createdAt, subscribers, uploadsPlaylistId, uploads };
}

/** What videos.list shows of a channel's uploads, newest first: deleted and private ones are left out. */
export function expectedVideos(
  world: World,
  channelId: string,
  at: number,
  removed: readonly string[] = [],
): ExpectedVideo[] {
  const channel = world.channel(channelId);
  if (channel === undefined || channel.kind === "gone") return [];
  const places = Array.from({ length: world.uploads(channel, at) }, (_, place) => place);
  const videos = places.map((place) => world.upload(channel, place, at));
  return videos.filter(({ id, state }) => state === "public" && !removed.includes(id)).map(expectedVideo);
}

function expectedVideo(video: Video): ExpectedVideo {
  const { id, title, duration, views, likes, comments } = video;
  return {
    id,
    channelId: video.channel.id,
    title,
    publishedAt: new Date(video.publishedAt),
    duration,
    views,
    likes,
    comments,
    language: video.audioLanguage,
    isLive: video.broadcast !== "none",
    wasStream: video.stream !== undefined,
    largestWidePicture: video.missing.includes("maxres") ? "medium" : "maxres",
  };
}
