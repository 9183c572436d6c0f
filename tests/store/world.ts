import { createHash } from "node:crypto";
import { type Random, random } from "../../lib/base/random";
import type { Thumbnail, Video } from "../../lib/store";

const HOUR = 3_600_000;
const NEWEST = Date.UTC(2026, 2, 1, 12);
/** Ids whose order differs between locales and code points. */
const LETTERS = "-_0aAbBzZ";

/** Messy channels and videos: columns that some lack, ties, pictures used twice, an outlier now and then. */
export function worldOf(seed: number, channels = 12, perChannel = 30): Video[] {
  const source = random("world", seed);
  return Array.from({ length: channels }, (_, index) => channelOf(source, index, perChannel)).flat();
}

function channelOf(source: Random, index: number, perChannel: number): Video[] {
  const count = 2 + source.integer(2 * perChannel);
  const level = 5 + 2 * source.normal();
  const channel = {
    id: `${word(source)}${index}`,
    niche: source.uniform() < 0.1 ? null : `niche ${source.integer(4)}`,
  };
  return Array.from({ length: count }, (_, number) => videoOf(source, channel, level, number));
}

function videoOf(source: Random, channel: { id: string; niche: string | null }, level: number, number: number): Video {
  const outlier = source.uniform() < 0.02 ? 9 : 0;
  const collected = NEWEST - source.integer(3) * 24 * HOUR;
  const published = collected - Math.round(source.uniform() * 120 * 24) * HOUR + source.integer(3) * 1001;
  const age = Math.max(1, (collected - published) / HOUR);
  const views = Math.round(Math.exp(level + outlier + source.normal()) * age ** 0.6);
  const say = <Value>(value: Value, share = 0.9): Value | null => (source.uniform() < share ? value : null);
  return {
    videoId: `${word(source)}${channel.id}.${number}`,
    channelId: channel.id,
    channelTitle: `Channel ${channel.id}`,
    title: `Title ${source.integer(1000)}`,
    publishedAt: new Date(Math.min(published, collected)),
    collectedAt: new Date(collected),
    // Rounded so that some are equal.
    views: source.uniform() < 0.3 ? Math.round(views / 1000) * 1000 : views,
    durationSeconds: say(source.integer(4500)),
    likes: say(source.integer(1000), 0.5),
    comments: say(source.integer(100), 0.5),
    subscribers: say(source.integer(3000)),
    language: say(["en", "en-GB", "EN", "de"][source.integer(4)] ?? "en"),
    niche: channel.niche,
    picture: say(pictureOf(source.integer(4000)), 0.97),
    trueCtr: say(source.uniform(), 0.1),
  };
}

export function pictureOf(number: number): Thumbnail {
  return { sha256: createHash("sha256").update(String(number)).digest("hex"), format: "jpeg" };
}

function word(source: Random): string {
  return Array.from({ length: 3 }, () => LETTERS[source.integer(LETTERS.length)]).join("");
}
