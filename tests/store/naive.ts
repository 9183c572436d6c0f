import { createHash } from "node:crypto";
import type { PairOptions, QualityOptions, SplitOptions, ViewsUnit } from "../../lib/config";
import type { Fold, QualityOutcome, QualityRule, TrainingPair, Video } from "../../lib/store";

/** What the migrations' SQL computes, again, by plain loops: slow, short and independent of it. */

const DAY_MS = 86_400_000;

export interface Rated {
  viewsPerHour: number;
  proxy: number;
  residual: number;
  ctrProxy: number;
  /** Undefined for a video without a fold. */
  ctrNeighbours: number | undefined;
}

/** Views per hour between two readings, by video, and what the report says of the rule. */
export interface NaiveMeasured {
  rates: Map<string, { rate: number; logRate: number; unit: ViewsUnit }>;
  note: string;
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

export const ageHours = (video: Video): number =>
  Math.max(1, (video.collectedAt.getTime() - video.publishedAt.getTime()) / 1000 / 3600);
const logRate = (video: Video): number => Math.log(Math.max(video.views, 1) / ageHours(video));
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
export const deviation = (values: number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/**
 * The videos that pass, and what each rule did.
 * @param measured views per hour of the videos that have one, where they are measured between two readings
 */
export function naiveQuality(
  all: Video[],
  options: QualityOptions,
  measured?: NaiveMeasured,
): { kept: Video[]; outcomes: QualityOutcome[] } {
  const newest = Math.max(...all.map((video) => video.collectedAt.getTime()));
  const within = (video: Video, days: number) => video.publishedAt.getTime() >= newest - days * DAY_MS;
  const channels = groupBy(all, (video) => video.channelId);
  let kept = all;
  const outcomes: QualityOutcome[] = [];
  const rule = (name: QualityRule, passes: (video: Video) => boolean, read: (video: Video) => unknown = () => 1) => {
    const silent = kept.filter((video) => read(video) === null).length;
    const left = kept.filter((video) => read(video) === null || passes(video));
    const applied = silent < kept.length || kept.length === 0;
    const note = !applied
      ? `no video says its ${name}`
      : silent > 0
        ? `${silent} of ${kept.length} videos do not say their ${name} and were kept`
        : null;
    outcomes.push({ rule: name, removed: kept.length - left.length, applied, note });
    kept = left;
  };
  if (options.requirePicture) rule("no picture", (video) => video.picture !== null);
  rule("window", (video) => within(video, options.windowDays));
  rule("age", (video) => video.collectedAt.getTime() - video.publishedAt.getTime() >= options.minAgeHours * 3_600_000);
  rule("views", (video) => video.views >= options.minViews);
  const duration = (video: Video) => video.durationSeconds;
  rule(
    "duration",
    (video) =>
      Number(duration(video)) >= options.minDurationSeconds && Number(duration(video)) <= options.maxDurationSeconds,
    duration,
  );
  const language = ({ language: tag }: Video) => {
    const code = tag?.toLowerCase().split(/[-_]/)[0] ?? null;
    return code !== null && ["zxx", "und", "mul", "mis"].includes(code) ? null : code;
  };
  const wanted = options.language;
  rule("language", (video) => wanted === null || language(video) === wanted, language);
  const subscribers = (video: Video) => video.subscribers;
  rule("subscribers", (video) => Number(subscribers(video)) >= options.minSubscribers, subscribers);
  rule("active channel", ({ channelId }) => {
    const recent = channels.get(channelId)?.filter((video) => within(video, options.activeDays)) ?? [];
    return recent.length >= options.minChannelVideos;
  });
  if (measured !== undefined) {
    rule("no readings at that age", ({ videoId }) => measured.rates.has(videoId));
    outcomes[outcomes.length - 1] = { ...(outcomes.at(-1) as QualityOutcome), note: measured.note };
  }
  return { kept, outcomes };
}

/** Removes training videos that are far from the mean of their channel's training videos; their folds are deleted. */
export function naiveOutliers(
  passed: Video[],
  folds: Map<string, Fold>,
  { maxDeviations }: QualityOptions,
  measured?: NaiveMeasured,
): { kept: Video[]; outcome: QualityOutcome } {
  const logOf = (video: Video) => measured?.rates.get(video.videoId)?.logRate ?? logRate(video);
  const training = passed.filter(({ videoId }) => folds.get(videoId) === "train");
  const rates = new Map([...groupBy(training, ({ channelId }) => channelId)].map(([id, own]) => [id, own.map(logOf)]));
  const outliers = training.filter((video) => {
    const usual = rates.get(video.channelId) ?? [];
    return usual.length > 1 && Math.abs(logOf(video) - mean(usual)) > maxDeviations * deviation(usual);
  });
  for (const { videoId } of outliers) folds.delete(videoId);
  const note = "of the training videos: an evaluation video is never left out for its own views";
  const outcome = { rule: "outlier", removed: outliers.length, applied: true, note } as const;
  return { kept: passed.filter((video) => !outliers.includes(video)), outcome };
}

/** Slope of log views on log age, both less their channel's mean; at least 0. */
export function naiveGrowth(kept: Video[]): number | null {
  let products = 0;
  let squares = 0;
  for (const videos of groupBy(kept, (video) => video.channelId).values()) {
    const ages = videos.map((video) => Math.log(ageHours(video)));
    const views = videos.map((video) => Math.log(Math.max(1, video.views)));
    ages.forEach((age, index) => {
      products += (age - mean(ages)) * ((views[index] ?? 0) - mean(views));
      squares += (age - mean(ages)) ** 2;
    });
  }
  return squares < 1e-12 ? null : Math.max(0, products / squares);
}

export function naiveFolds(kept: Video[], options: SplitOptions, seed: number): Map<string, Fold> {
  const channels = [...groupBy(kept, (video) => video.channelId)].map(([id, videos]) => ({
    id,
    videos,
    draw: md5(`${seed}:${id}`),
  }));
  const byDraw = channels.sort((a, b) => inOrder(a.draw, b.draw));
  const turns = new Map<string, number>();
  for (const niche of groupBy(byDraw, ({ videos }) => String(videos[0]?.niche)).values()) {
    for (const [turn, { id }] of niche.entries()) turns.set(id, turn);
  }
  byDraw.sort((a, b) => (turns.get(a.id) ?? 0) - (turns.get(b.id) ?? 0) || inOrder(a.draw, b.draw));

  const total = channels.length;
  const share = (fraction: number, limit: number) =>
    total < 3 || fraction === 0 ? 0 : Math.min(limit, Math.max(1, Math.round(total * fraction)));
  const tests = share(options.testFraction, total - 2);
  const validations = share(options.validationFraction, total - tests - 1);
  const folds = new Map<string, Fold>();
  byDraw.forEach(({ videos }, place) => {
    const side = place < tests ? "test" : place < tests + validations ? "validation" : "train";
    for (const video of videos) folds.set(video.videoId, side);
    if (side === "train") for (const video of latest(videos, options.timeFraction)) folds.set(video.videoId, "time");
  });
  return folds;
}

function latest(videos: Video[], fraction: number): Video[] {
  const time = (video: Video) => video.publishedAt.getTime();
  return [...videos]
    .sort((a, b) => time(b) - time(a) || inOrder(b.videoId, a.videoId))
    .slice(0, Math.round(videos.length * fraction));
}

/** Deletes evaluation folds of pictures that occur in several; returns how many. */
export function dropSharedPictures(kept: Video[], folds: Map<string, Fold>): number {
  const placed = kept.filter(({ videoId, picture }) => folds.has(videoId) && picture !== null);
  const shared = [...groupBy(placed, (video) => String(video.picture?.sha256)).values()]
    .filter((videos) => new Set(videos.map((video) => folds.get(video.videoId))).size > 1)
    .flat()
    .filter((video) => folds.get(video.videoId) !== "train");
  for (const video of shared) folds.delete(video.videoId);
  return shared.length;
}

/** All pairs, sorted as the store gives them. */
export function naivePairs(
  kept: Video[],
  rated: Map<string, Rated>,
  folds: Map<string, Fold>,
  options: PairOptions,
  seed: number,
): TrainingPair[] {
  const foldOf = (video: Video) => folds.get(video.videoId);
  const inFolds = kept.filter((video) => foldOf(video) !== undefined);
  const pairs: TrainingPair[] = [];
  for (const videos of groupBy(inFolds, (video) => `${video.channelId} ${foldOf(video)}`).values()) {
    const drawn: TrainingPair[] = [];
    for (const a of videos) {
      for (const b of videos) {
        const high = rated.get(a.videoId)?.proxy ?? 0;
        const low = rated.get(b.videoId)?.proxy ?? 0;
        const margin = (high - low) / Math.max(high, low);
        const apart = Math.abs(a.publishedAt.getTime() - b.publishedAt.getTime());
        if (!(high > low) || apart > options.windowDays * DAY_MS || margin < options.minMargin) continue;
        const fold = foldOf(a) ?? "train";
        drawn.push({ winnerId: a.videoId, loserId: b.videoId, channelId: a.channelId, fold, margin });
      }
    }
    const draw = ({ winnerId, loserId }: TrainingPair) => md5(`${seed}:${winnerId}:${loserId}`);
    if (options.maxPairsPerChannel !== null) drawn.sort((a, b) => inOrder(draw(a), draw(b)));
    pairs.push(...drawn.slice(0, options.maxPairsPerChannel ?? drawn.length));
  }
  return inStoredOrder(pairs);
}

/** By channel, fold, winner and loser. */
export function inStoredOrder(pairs: TrainingPair[]): TrainingPair[] {
  const key = ({ channelId, fold, winnerId, loserId }: TrainingPair) => [channelId, fold, winnerId, loserId];
  return pairs.sort((a, b) => key(a).reduce((order, part, place) => order || inOrder(part, key(b)[place] ?? ""), 0));
}
