import type { PairOptions } from "../../lib/config";
import type { Fold, Video } from "../../lib/store";
import { ageHours, groupBy, type NaiveMeasured, type Rated } from "./naive";

/** Trends, proxies and targets by plain loops: Huber's weighted least squares of log views, and counted ranks. */

/** What a trend of log views is fitted on. */
export interface TrendPoint {
  years: number;
  age: number;
  views: number;
}

/** What is known of the videos' counts before they are rated. */
interface Labels {
  residuals: Map<string, number>;
  neighbours: Map<string, number>;
  growth: number | null;
}

interface Trend {
  level: number;
  growth: number;
}

const ROUNDS = 10;
const NEAR = 7;
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? 0) + (sorted[Math.ceil(at)] ?? 0)) / 2;
}

export function trendPoint(video: Video): TrendPoint {
  const years = (video.publishedAt.getTime() / 1000 - 1_577_836_800) / 31_557_600;
  return { years, age: Math.log(ageHours(video)), views: Math.log(Math.max(1, video.views)) };
}

/** Level and growth of each channel, and the one exponent of age. */
export function naiveTrends(
  channels: Map<string, TrendPoint[]>,
  training: (channel: string) => boolean,
): { trends: Map<string, Trend>; exponent: number } {
  let trends = new Map<string, Trend>();
  let exponent = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const parts = [...channels].map(([channel, points]) => {
      const trend = trends.get(channel);
      const distances = points.map(({ years, age, views }) =>
        trend === undefined ? 0 : Math.abs(views - trend.level - trend.growth * years - exponent * age),
      );
      const near = Math.max(0.01, 2 * median(distances));
      return { channel, points, weights: distances.map((distance) => (distance > near ? near / distance : 1)) };
    });
    let products = 0;
    let squares = 1;
    for (const { points, weights } of parts.filter(({ channel }) => training(channel))) {
      const age = beyondTime(points, weights, ({ age }) => age);
      const views = beyondTime(points, weights, ({ views }) => views);
      products += sum(age.map((value, at) => (weights[at] ?? 0) * value * (views[at] ?? 0)));
      squares += sum(age.map((value, at) => (weights[at] ?? 0) * value ** 2));
    }
    exponent = Math.max(0, products / squares);
    trends = new Map(
      parts.map(({ channel, points, weights }) => {
        const { level, growth } = line(points, weights, ({ age, views }) => views - exponent * age);
        return [channel, { level, growth }];
      }),
    );
  }
  return { trends, exponent };
}

/** Weighted line of a value over time; flat where there are too few videos, or they are published at one time. */
function line(points: TrendPoint[], weights: number[], of: (point: TrendPoint) => number): Trend {
  const total = sum(weights);
  const mean = (values: number[]) => sum(values.map((value, at) => value * (weights[at] ?? 0))) / total;
  const years = points.map((point) => point.years);
  const values = points.map(of);
  const t = mean(years);
  const v = mean(values);
  const spread = mean(years.map((year) => (year - t) ** 2));
  const tells = points.length >= 5 && spread > 1e-6;
  const growth = tells ? mean(years.map((year, at) => (year - t) * ((values[at] ?? 0) - v))) / spread : 0;
  return { level: v - growth * t, growth };
}

function beyondTime(points: TrendPoint[], weights: number[], of: (point: TrendPoint) => number): number[] {
  const { level, growth } = line(points, weights, of);
  return points.map((point) => of(point) - level - growth * point.years);
}

/** Log views less the trend that the channel's videos outside `time` have. */
export function naiveResiduals(kept: Video[], folds: Map<string, Fold>): Map<string, number> {
  const fitted = kept.filter(({ videoId }) => ["train", "validation", "test"].includes(String(folds.get(videoId))));
  const training = new Set(
    fitted.filter(({ videoId }) => folds.get(videoId) === "train").map(({ channelId }) => channelId),
  );
  const channels = new Map(
    [...groupBy(fitted, ({ channelId }) => channelId)].map(([channel, videos]) => [channel, videos.map(trendPoint)]),
  );
  const { trends, exponent } = naiveTrends(channels, (channel) => training.has(channel));
  return new Map(
    kept.map((video) => {
      const { years, age, views } = trendPoint(video);
      const trend = trends.get(video.channelId);
      return [video.videoId, trend ? views - trend.level - trend.growth * years - exponent * age : views];
    }),
  );
}

/** Mid-rank of a value: (lower + equal / 2) / all. */
function midRank(value: number, all: number[]): number {
  return (all.filter((other) => other < value).length + all.filter((other) => other === value).length / 2) / all.length;
}

export function naiveNeighbours(
  kept: Video[],
  folds: Map<string, Fold>,
  residuals: Map<string, number>,
): Map<string, number> {
  const placed = kept.filter(({ videoId }) => folds.has(videoId));
  const ranks = new Map<string, number>();
  for (const videos of groupBy(placed, ({ videoId, channelId }) => `${channelId} ${folds.get(videoId)}`).values()) {
    videos.sort((a, b) => a.publishedAt.getTime() - b.publishedAt.getTime() || (a.videoId < b.videoId ? -1 : 1));
    const values = videos.map(({ videoId }) => residuals.get(videoId) ?? 0);
    for (const [at, { videoId }] of videos.entries())
      ranks.set(videoId, midRank(values[at] ?? 0, values.slice(Math.max(0, at - NEAR), at + NEAR + 1)));
  }
  return ranks;
}

export function naiveRates(
  kept: Video[],
  { residuals, neighbours, growth }: Labels,
  proxy: PairOptions["proxy"],
  measured?: NaiveMeasured,
): Map<string, Rated> {
  const exponent = proxy === "ageAdjusted" ? (growth ?? 1) : 1;
  const residualOf = ({ videoId }: Video) => residuals.get(videoId) ?? 0;
  const rateOf = (video: Video) => measured?.rates.get(video.videoId)?.rate ?? video.views / ageHours(video);
  const proxyOf = (video: Video) => {
    if (proxy === "residual") return Math.exp(residualOf(video));
    return measured ? rateOf(video) : video.views / ageHours(video) ** exponent;
  };
  const rated = new Map<string, Rated>();
  for (const videos of groupBy(kept, (video) => video.channelId).values()) {
    const proxies = videos.map(proxyOf);
    for (const video of videos)
      rated.set(video.videoId, {
        viewsPerHour: rateOf(video),
        proxy: proxyOf(video),
        residual: residualOf(video),
        ctrProxy: midRank(proxyOf(video), proxies),
        ctrNeighbours: neighbours.get(video.videoId),
      });
  }
  return rated;
}
