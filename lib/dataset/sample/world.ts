import { at, type Random, random } from "../../base";
import type { Video } from "../../store";
import { drawFactors, type Factors, trueAppeal } from "./appeal";
import type { Look } from "./draw";
import { drawnEdges } from "./edges";
import { drawStyle, type Style } from "./style";
import { drawTitle, NICHES, type Niche } from "./titles";

/** Defaults to the guide's 6 niches with 4 channels each. */
export interface WorldOptions {
  seed?: number;
  channels?: number;
  videosPerChannel?: number;
  /**
   * Share of the appeal's variance that depends on things outside of the picture's middle square, 0-1; at 0, the
   * default, nothing is drawn there for it.
   */
  edgeShare?: number;
}

/** A video of the sample world: its table row, its look, and its true appeal. */
export interface SampleVideo {
  video: Omit<Video, "picture">;
  look: Look;
  trueAppeal: number;
}

/** Time of the reading of all videos. */
export const COLLECTED_AT = new Date("2025-06-30T12:00:00Z");
const PERIOD_HOURS = 80 * 24;
const YOUNGEST_HOURS = 50;
/** Log views per unit of appeal, and the deviation of the part that neither picture nor title explains. */
const APPEAL_EFFECT = 0.5;
const NOISE = 0.21;
/** Views grow with age to this power, so views per hour favour young videos. */
const AGE_EXPONENT = 0.7;
/** Channels grow too, by up to this much in log views over the period: newer videos do better for no merit of theirs. */
const MOST_GROWTH = 1.2;

interface Channel {
  channelId: string;
  channelTitle: string;
  subscribers: number;
  niche: Niche;
  style: Style;
  /** Views in the first hour of an average video. */
  reach: number;
  /** How much log views of its videos grow over the period. */
  growth: number;
}

/** The sample world, determined by its seed. `drawPicture` draws its pictures separately. */
export function sampleWorld(options: WorldOptions = {}): SampleVideo[] {
  const { seed = 0, channels = 24, videosPerChannel = 50, edgeShare = 0 } = options;
  return Array.from({ length: channels }, (_, number) => {
    const channel = makeChannel(number, random("sample channel", seed, number));
    return Array.from({ length: videosPerChannel }, (_, index) => {
      const source = random("sample video", seed, number, index);
      const factors = drawFactors(source);
      if (edgeShare > 0) factors.edges = drawnEdges(random("sample edges", seed, number, index));
      const appeal = trueAppeal(factors, edgeShare);
      return sampleVideo(channel, { factors, appeal, place: (index + 0.5) / videosPerChannel }, source);
    });
  }).flat();
}

function makeChannel(number: number, source: Random): Channel {
  const niche = at(NICHES, number % NICHES.length);
  return {
    channelId: `UC${identifier(22, source)}`,
    channelTitle: `Sample ${niche} ${1 + Math.floor(number / NICHES.length)}`,
    subscribers: Math.round(1000 * 10 ** (2.5 * source.uniform())),
    niche,
    style: drawStyle(source),
    reach: 600 * 10 ** (1.2 * source.uniform()),
    growth: MOST_GROWTH * source.uniform(),
  };
}

/** What is known of a video before its row is drawn. */
interface Plan {
  factors: Factors;
  appeal: number;
  /** Position in the period, 0 (newest) to 1 (oldest). */
  place: number;
}

function sampleVideo(
  { style, niche, reach, growth, ...channel }: Channel,
  { factors, appeal, place }: Plan,
  source: Random,
): SampleVideo {
  const ageHours = YOUNGEST_HOURS + (PERIOD_HOURS - YOUNGEST_HOURS) * place + 12 * source.uniform();
  const merit = APPEAL_EFFECT * appeal + NOISE * source.normal();
  const views = reach * ageHours ** AGE_EXPONENT * Math.exp(growth * (1 - place) + merit);
  const video = {
    ...channel,
    niche,
    videoId: identifier(11, source),
    title: drawTitle(niche, factors, source),
    publishedAt: new Date(Math.round((COLLECTED_AT.getTime() - ageHours * HOUR_MS) / 1000) * 1000),
    collectedAt: COLLECTED_AT,
    durationSeconds: 120 + source.integer(38 * 60),
    language: "en",
    trueCtr: null,
    ...audience(Math.round(views), source),
  };
  const look = { seed: source.integer(2 ** 31), niche, style, factors };
  return { video: withException(video, source.uniform()), look, trueAppeal: appeal };
}

const HOUR_MS = 3_600_000;

function audience(views: number, source: Random): Pick<Video, "views" | "likes" | "comments"> {
  const likes = Math.round(views * (0.02 + 0.04 * source.uniform()));
  return { views, likes, comments: Math.round(likes * (0.05 + 0.1 * source.uniform())) };
}

/** Makes a few videos that the quality rules remove: 1 % too short, 1 % hardly seen. */
function withException(video: SampleVideo["video"], draw: number): SampleVideo["video"] {
  if (draw < 0.01) return { ...video, durationSeconds: 35 };
  if (draw < 0.02) return { ...video, views: 400 + Math.round(draw * 10_000), likes: 9, comments: 1 };
  return video;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A random id of YouTube's 64 characters. */
function identifier(length: number, source: Random): string {
  return Array.from({ length }, () => ALPHABET[source.integer(64)]).join("");
}
