import { type Channel, DAY, HOUR } from "./channel";
import { bitsOf, normalOf, oneOf, uniformOf } from "./draw";
import { MAX_VIDEOS, videoIdOf } from "./ids";
import { FOREIGN, TITLES } from "./niches";
import type { WorldOptions } from "./options";

/** `none`: an ordinary video, or a stream that ended. */
export type Broadcast = "none" | "live" | "upcoming";

/** A video as the APIs show it at some time. Times are milliseconds since 1970. */
export interface Video {
  id: string;
  channel: Channel;
  /** Oldest first. */
  number: number;
  title: string;
  publishedAt: number;
  /** ISO 8601; P0D while live or upcoming. */
  duration: string;
  broadcast: Broadcast;
  /** Start and end of a stream; the end is missing while it is live or upcoming. */
  stream: { startAt: number; endAt: number | undefined } | undefined;
  /** Undefined where the owner hides it. */
  views: number | undefined;
  likes: number | undefined;
  comments: number | undefined;
  /** ISO 639, as owners give it, or not at all. */
  audioLanguage: string | undefined;
  categoryId: string;
  /** Sizes of the picture that were never made. */
  missing: readonly ("maxres" | "standard")[];
  state: "public" | "deleted" | "private";
}

const SALT = { jitter: 21, state: 22, title: 23, number: 24, length: 25, views: 27, appeal: 28, hidden: 29 };
const MORE = { likes: 31, comments: 32, language: 33, missing: 34, stream: 35, scale: 36, subject: 37, form: 38 };

/** Time of upload, ever later with the number. */
export function publishedAtOf({ seed }: WorldOptions, channel: Channel, number: number): number {
  const jitter = 0.8 * uniformOf(seed, SALT.jitter, channel.index, number);
  return Math.floor((channel.firstUploadAt + (number + jitter) * channel.intervalMs) / 1000) * 1000;
}

/** How many videos a channel has uploaded by a time. */
export function uploadsOf(options: WorldOptions, channel: Channel, at: number): number {
  const until = Math.min(at, channel.lastUploadAt);
  const last = Math.floor((until - channel.firstUploadAt) / channel.intervalMs);
  if (last < 0) return 0;
  return Math.min(MAX_VIDEOS, publishedAtOf(options, channel, last) <= until ? last + 1 : last);
}

/** The share of its final views that a video has at an age: half in the first days, then ever slower. */
function growth(ageHours: number): number {
  const days = Math.max(0, ageHours) / 24;
  return 0.7 * (1 - Math.exp(-days / 3)) + 0.3 * Math.min(1, Math.log1p(days / 30) / Math.log1p(36));
}

/** How much likelier than the channel's mean a video is clicked. */
export function appealOf({ seed }: WorldOptions, channel: Channel, number: number): number {
  return Math.exp(0.8 * normalOf(seed, SALT.appeal, channel.index, number));
}

function viewsOf(options: WorldOptions, channel: Channel, number: number, ageHours: number): number {
  const reach = 0.02 * 25 ** uniformOf(options.seed, MORE.scale, channel.index);
  const base = Math.max(40, channel.subscribers) * reach + 200;
  return Math.floor(base * appealOf(options, channel, number) * growth(ageHours));
}

function isoDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [hours && `${hours}H`, minutes && `${minutes}M`, seconds % 60 && `${seconds % 60}S`];
  return `PT${parts.filter(Boolean).join("")}`;
}

function secondsOf(seed: number, index: number, number: number): number {
  const form = uniformOf(seed, MORE.form, index, number);
  const draw = uniformOf(seed, SALT.length, index, number);
  if (form < 0.08) return 15 + Math.floor(44 * draw);
  if (form > 0.97) return 3_601 + Math.floor(9_000 * draw);
  return Math.min(3_540, Math.max(61, Math.round(660 * Math.exp(0.7 * normalOf(seed, SALT.length, index, number)))));
}

/** One channel in five is live with the last video before the epoch, one has announced one; 1 in 50 videos was a stream. */
function broadcastOf(options: WorldOptions, channel: Channel, number: number, publishedAt: number, at: number) {
  const { epoch, seed } = options;
  const isLast = number === uploadsOf(options, channel, epoch) - 1;
  const special = isLast && at < epoch + 30 * DAY ? channel.index % 5 : 0;
  if (special === 2) return { broadcast: "live" as const, stream: { startAt: publishedAt, endAt: undefined } };
  if (special === 3) return { broadcast: "upcoming" as const, stream: { startAt: epoch + 30 * DAY, endAt: undefined } };
  const wasStream = uniformOf(seed, MORE.stream, channel.index, number) < 0.02;
  const ended = { startAt: publishedAt, endAt: publishedAt + 2 * HOUR };
  return { broadcast: "none" as const, stream: wasStream ? ended : undefined };
}

function titleOf(seed: number, channel: Channel, number: number): string {
  const foreign = FOREIGN.find(({ language }) => language === channel.language);
  const form = foreign?.title ?? oneOf(TITLES, bitsOf(seed, SALT.title, channel.index, number));
  const subject = oneOf(channel.niche.subjects, bitsOf(seed, MORE.subject, channel.index, number));
  const filled = form
    .replace("{s}", subject)
    .replace("{n}", String(2 + (bitsOf(seed, SALT.number, channel.index, number) % 98)));
  return `${filled} #${number + 1}`;
}

function languageOf(seed: number, channel: Channel, number: number): string | undefined {
  if (uniformOf(seed, MORE.language, channel.index, number) < 0.2) return undefined;
  const english = ["en", "en", "en-US", "en-GB"];
  return channel.language === "en" ? oneOf(english, bitsOf(seed, MORE.language + 1, channel.index)) : channel.language;
}

function stateOf({ seed, deletedShare, privateShare }: WorldOptions, index: number, number: number): Video["state"] {
  const draw = uniformOf(seed, SALT.state, index, number);
  if (draw < deletedShare) return "deleted";
  return draw < deletedShare + privateShare ? "private" : "public";
}

function missingOf(seed: number, index: number, number: number): Video["missing"] {
  const draw = uniformOf(seed, MORE.missing, index, number);
  if (draw < 0.02) return ["maxres", "standard"];
  return draw < 0.08 ? ["maxres"] : [];
}

/** The video as it stands at a time. */
export function videoOf(options: WorldOptions, channel: Channel, number: number, at: number): Video {
  const { seed } = options;
  const index = channel.index;
  const publishedAt = publishedAtOf(options, channel, number);
  const { broadcast, stream } = broadcastOf(options, channel, number, publishedAt, at);
  const hides = (salt: number, share: number) => uniformOf(seed, salt, index, number) < share;
  const seen = broadcast === "upcoming" ? 0 : viewsOf(options, channel, number, (at - publishedAt) / HOUR);
  return {
    id: videoIdOf(seed, index, number),
    channel,
    number,
    title: titleOf(seed, channel, number),
    publishedAt,
    duration: broadcast === "none" ? isoDuration(secondsOf(seed, index, number)) : "P0D",
    broadcast,
    stream,
    views: hides(SALT.hidden, 0.01) ? undefined : seen,
    likes: hides(MORE.likes, 0.03) ? undefined : Math.floor(seen * 0.04),
    comments: hides(MORE.comments, 0.03) ? undefined : Math.floor(seen * 0.003),
    audioLanguage: languageOf(seed, channel, number),
    categoryId: channel.niche.categoryId,
    missing: missingOf(seed, index, number),
    state: stateOf(options, index, number),
  };
}
