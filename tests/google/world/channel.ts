import { bitsOf, oneOf, uniformOf } from "./draw";
import { channelIdOf, MAX_VIDEOS } from "./ids";
import { FIRST_NAMES, FOREIGN, LAST_NAMES, NICHES, type Niche } from "./niches";
import type { WorldOptions } from "./options";

/** Why a channel is in the world: `ordinary` passes every rule of the guide, the others fail one. */
export type Kind = "ordinary" | "small" | "inactive" | "hidden" | "foreign" | "gone";

/** A channel as the APIs show it. Times are milliseconds since 1970. */
export interface Channel {
  index: number;
  id: string;
  kind: Kind;
  niche: Niche;
  title: string;
  description: string;
  handle: string;
  /** ISO 639-1. */
  language: string;
  country: string | undefined;
  createdAt: number;
  subscribers: number;
  hiddenSubscribers: boolean;
  /** The first upload and the time from one to the next. */
  firstUploadAt: number;
  intervalMs: number;
  /** No upload after it. */
  lastUploadAt: number;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const SALT = { kind: 1, subscribers: 2, videos: 3, interval: 4, pause: 5, name: 6, last: 7, country: 8, age: 9 };
const GOLDEN = 0.6180339887498949;

/** Shares of the kinds, spread so evenly that any hundred channels have them; 1,540 of 2,200 are ordinary. */
function kindOf(index: number): Kind {
  const place = (index * GOLDEN) % 1;
  if (place < 0.7) return "ordinary";
  if (place < 0.79) return "small";
  if (place < 0.88) return "inactive";
  if (place < 0.9) return "hidden";
  return place < 0.98 ? "foreign" : "gone";
}

/** Three significant figures, as YouTube rounds. */
function rounded(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 2);
  return Math.floor(count / unit) * unit;
}

function subscribersOf(seed: number, index: number, kind: Kind): number {
  const draw = uniformOf(seed, SALT.subscribers, index);
  return kind === "small" ? 3 + Math.floor(96 * draw) : rounded(200 * 40_000 ** draw);
}

/** When a channel uploads: at least ten times in the last 90 days, unless it fell silent. */
function scheduleOf({ seed, epoch, videosPerChannel }: WorldOptions, index: number, kind: Kind) {
  const spread = 0.35 + 1.3 * uniformOf(seed, SALT.videos, index);
  const count = Math.min(MAX_VIDEOS / 2, Math.max(14, Math.round(videosPerChannel * spread)));
  const intervalMs = Math.round((1.2 + 4.8 * uniformOf(seed, SALT.interval, index)) * DAY);
  const silentMs = kind === "inactive" ? (120 + 580 * uniformOf(seed, SALT.pause, index)) * DAY : 0;
  const firstUploadAt = epoch - Math.round(silentMs) - count * intervalMs;
  return {
    firstUploadAt,
    intervalMs,
    lastUploadAt: silentMs > 0 ? epoch - Math.round(silentMs) : Number.MAX_SAFE_INTEGER,
  };
}

function nameOf(seed: number, index: number, niche: Niche) {
  const title = `${oneOf(FIRST_NAMES, bitsOf(seed, SALT.name, index))} ${niche.words[0]} ${oneOf(LAST_NAMES, bitsOf(seed, SALT.last, index))} ${index}`;
  const handle = `@${title.toLowerCase().replaceAll(" ", "")}`;
  const description = `All about ${niche.name}: ${niche.subjects.slice(0, 3).join(", ")} & more. New videos every week.`;
  return { title, handle, description };
}

/** The channel of this index, the same whenever it is asked for. */
export function channelOf(options: WorldOptions, index: number): Channel {
  const { seed } = options;
  const kind = kindOf(index);
  const niche = NICHES[index % NICHES.length] as Niche;
  const schedule = scheduleOf(options, index, kind);
  const foreign = kind === "foreign" ? oneOf(FOREIGN, bitsOf(seed, SALT.country, index)) : undefined;
  const home = [undefined, "US", "US", "GB", "CA", "AU"];
  return {
    index,
    id: channelIdOf(seed, index),
    kind,
    niche,
    ...nameOf(seed, index, niche),
    language: foreign?.language ?? "en",
    country: foreign ? foreign.country : oneOf(home, bitsOf(seed, SALT.country, index)),
    createdAt: schedule.firstUploadAt - Math.round(400 * DAY * uniformOf(seed, SALT.age, index)),
    subscribers: subscribersOf(seed, index, kind),
    hiddenSubscribers: kind === "hidden",
    ...schedule,
  };
}
