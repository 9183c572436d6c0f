import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { sampleWorld } from "../../lib/dataset";
import { labelTrends } from "../../lib/evaluation";
import { mean, spearman } from "../../lib/metrics";
import type { BuildOptions, RatedVideo, Video } from "../../lib/store";
import { groupBy } from "./naive";
import { buildOptions } from "./options";
import { collect, KINDS, type Stores } from "./stores";
import { pictureOf } from "./world";

const CREATORS = join(__dirname, "..", "..", "..", "shared", "data", "creators-2022", "videos.csv");
const HOUR_MS = 3_600_000;
const READ_AT = Date.UTC(2026, 5, 1);
/** The most that a label may correlate with time, in absolute value: as much as chance gives it. */
const AT_MOST = 0.05;

const everything = {
  minViews: 0,
  minAgeHours: 0,
  windowDays: 2000,
  activeDays: 2000,
  language: null,
  minDurationSeconds: 0,
};

/** What these videos' sources do not say. */
const UNKNOWN = {
  channelTitle: null,
  niche: null,
  language: null,
  durationSeconds: null,
  likes: null,
  comments: null,
  subscribers: null,
  trueCtr: null,
};

let stores: Stores;
beforeAll(async () => {
  stores = (await KINDS[0]?.make()) as Stores;
});
afterAll(() => stores.end());

async function build(videos: Video[], options: BuildOptions) {
  const store = await stores.empty();
  await store.upsertVideos(videos);
  const report = await store.buildPairs(options);
  const rated = await collect(store.ratedVideos());
  const pairs = await collect(store.pairs());
  const labels = await collect(store.labels(options.pairs, report.growthExponent));
  return { report, rated, pairs, labels };
}

/** Mean over channels of Spearman's correlation within each. */
function withinChannels(videos: RatedVideo[], x: (video: RatedVideo) => number, y: (video: RatedVideo) => number) {
  return mean(
    [...groupBy(videos, ({ channelId }) => channelId).values()].map((own) => spearman(own.map(x), own.map(y))),
  );
}

const born = (video: RatedVideo) => video.publishedAt.getTime();
const neighbours = (video: RatedVideo) => video.ctrNeighbours ?? Number.NaN;

interface World {
  /** Log views by the place in time, 0 to 1. */
  trend: (place: number) => number;
  channels?: number;
  perChannel?: number;
}

/** Channels read on one day, with a trend in time, growth with age, appeal and a few viral videos; appeals by video. */
function trending({ trend, channels = 20, perChannel = 80 }: World): { videos: Video[]; appeals: Map<string, number> } {
  const source = random("label trends", trend.toString());
  const appeals = new Map<string, number>();
  const videos = Array.from({ length: channels * perChannel }, (_, number): Video => {
    const place = source.uniform();
    const ageHours = 50 + 24 * 700 * (1 - place);
    const appeal = source.normal();
    const viral = source.uniform() < 0.03 ? 4 : 0;
    const log = 8 + 0.6 * Math.log(ageHours) + trend(place) + 0.5 * appeal + 0.2 * source.normal() + viral;
    const videoId = `video${number}`;
    appeals.set(videoId, appeal);
    const channelId = `channel${number % channels}`;
    return {
      ...UNKNOWN,
      videoId,
      channelId,
      title: videoId,
      publishedAt: new Date(READ_AT - Math.round(ageHours * 3600) * 1000),
      collectedAt: new Date(READ_AT),
      views: Math.round(Math.exp(log)),
      picture: pictureOf(number),
    };
  });
  return { videos, appeals };
}

const TRENDS = {
  none: () => 0,
  linear: (place: number) => 2 * place,
  shrinking: (place: number) => -2 * place,
  accelerating: (place: number) => 3 * place ** 2,
  step: (place: number) => (place > 0.6 ? 1.5 : 0),
};

test.each(Object.entries(TRENDS))(
  "with viral videos and trend %s the CTR target follows appeal, not time",
  async (_, trend) => {
    const { videos, appeals } = trending({ trend });
    const { rated } = await build(videos, buildOptions({ quality: everything, pairs: { maxPairsPerChannel: 5 } }));
    const appealOf = ({ videoId }: RatedVideo) => appeals.get(videoId) ?? Number.NaN;
    expect(Math.abs(withinChannels(rated, neighbours, born))).toBeLessThanOrEqual(AT_MOST);
    expect(withinChannels(rated, neighbours, appealOf)).toBeGreaterThan(0.7);
    // What it replaces, so that the bound above can fail.
    expect(Math.abs(withinChannels(rated, ({ ctrProxy }) => ctrProxy, born))).toBeGreaterThan(0.2);
  },
);

test("a straight trend leaves the residual, in training and in later videos", async () => {
  const { videos, appeals } = trending({ trend: TRENDS.linear });
  const { rated } = await build(videos, buildOptions({ quality: everything, pairs: { maxPairsPerChannel: 5 } }));
  const residual = (video: RatedVideo) => video.residual ?? Number.NaN;
  expect(Math.abs(withinChannels(rated, residual, born))).toBeLessThanOrEqual(AT_MOST);
  const later = rated.filter(({ fold }) => fold === "time");
  expect(Math.abs(mean(later.map(residual)))).toBeLessThan(0.4);
  expect(withinChannels(later, residual, ({ videoId }) => appeals.get(videoId) ?? Number.NaN)).toBeGreaterThan(0.7);
});

test("where age and time are one column, as on a day of uploads years ago, the residual is bounded", async () => {
  const { videos } = trending({ trend: TRENDS.linear, perChannel: 20 });
  const within = videos.map((video, number) => ({
    ...video,
    publishedAt: new Date(READ_AT - (17_520 + (number % 7) * 3) * HOUR_MS),
  }));
  const { rated } = await build(within, buildOptions({ quality: everything, pairs: { proxy: "residual" } }));
  for (const { residual, proxy } of rated) {
    expect(Math.abs(residual ?? Number.NaN)).toBeLessThan(8);
    expect(proxy).toBeGreaterThan(0);
  }
});

test("a later video's views change no training target and no training pair", async () => {
  const { videos } = trending({ trend: TRENDS.accelerating, channels: 8, perChannel: 40 });
  for (const proxy of ["residual", "viewsPerHour"] as const) {
    const options = buildOptions({ quality: everything, pairs: { proxy } });
    const before = await build(videos, options);
    const later = new Set(before.rated.filter(({ fold }) => fold === "time").map(({ videoId }) => videoId));
    expect(later.size).toBeGreaterThan(20);
    const changed = videos.map((video) => ({ ...video, views: later.has(video.videoId) ? 7 : video.views }));
    const after = await build(changed, options);
    const taught = ({ rated, pairs }: typeof before) => ({
      videos: rated
        .filter(({ fold }) => fold === "train")
        .map(({ videoId, fold, proxy, residual, ctrNeighbours }) => ({
          videoId,
          fold,
          proxy,
          residual,
          ctrNeighbours,
        })),
      pairs: pairs.filter(({ fold }) => fold === "train"),
    });
    expect(taught(after)).toEqual(taught(before));
    expect(after.rated).not.toEqual(before.rated);
  }
});

test("an outlier is left out of training and stays in every other fold, and the report counts it", async () => {
  const { videos } = trending({ trend: TRENDS.none, channels: 12, perChannel: 40 });
  const options = buildOptions({ quality: { ...everything, maxDeviations: 4 } });
  const { rated, report } = await build(videos, options);
  const picked = (["train", "validation", "test", "time"] as const).map(
    (fold) => rated.find((video) => video.fold === fold)?.videoId,
  );
  const viral = videos.map((video) => (picked.includes(video.videoId) ? { ...video, views: 10 ** 12 } : video));
  const after = await build(viral, options);
  const left = picked.map((id) => after.rated.find(({ videoId }) => videoId === id)?.fold);
  expect(left).toEqual([undefined, "validation", "test", "time"]);
  const removed = (built: typeof after) => built.report.quality.find(({ rule }) => rule === "outlier")?.removed ?? 0;
  expect(removed(after)).toBeGreaterThan(0);
  expect(after.report.kept).toBe(videos.length - removed(after));
  expect(after.report.folds.train.videos + removed(after)).toBe(
    report.folds.train.videos + removed({ ...after, report }),
  );
});

test("on the sample world the CTR target and the residual do not follow time, views per hour do", async () => {
  const videos = sampleWorld().map(({ video }, number) => ({ ...video, picture: pictureOf(number) }));
  const { labels } = await build(videos, buildOptions({ pairs: { proxy: "residual", maxPairsPerChannel: 5 } }));
  const trends = new Map(labelTrends(labels, 0).map(({ name, uploadTime }) => [name, uploadTime.mean.value]));
  expect(Math.abs(trends.get("neighbours") ?? Number.NaN)).toBeLessThanOrEqual(AT_MOST);
  expect(trends.get("viewsPerHour")).toBeGreaterThan(0.2);
});

test.skipIf(!existsSync(CREATORS))(
  "on real videos the CTR target and the residual do not follow time (needs ../shared/data/creators-2022)",
  async () => {
    const rows = parse<Record<string, string>>(await readFile(CREATORS, "utf8"), { columns: true });
    const videos = rows.map((row, number): Video => {
      const { video_id = "", channel_id = "", title = "" } = row;
      return {
        ...UNKNOWN,
        videoId: video_id,
        channelId: channel_id,
        title,
        publishedAt: new Date(row.published_at ?? ""),
        collectedAt: new Date(row.collected_at ?? ""),
        views: Number(row.views),
        picture: pictureOf(number),
      };
    });
    const quality = { windowDays: 1095, activeDays: 1095, language: null };
    const { labels } = await build(videos, buildOptions({ quality, pairs: { maxPairsPerChannel: 5 } }));
    const trends = new Map(labelTrends(labels, 0).map((trend) => [trend.name, trend]));
    const time = (name: "neighbours" | "residual" | "channel") => trends.get(name)?.uploadTime.mean.value ?? Number.NaN;
    expect(Math.abs(time("neighbours"))).toBeLessThanOrEqual(AT_MOST);
    expect(Math.abs(time("residual"))).toBeLessThanOrEqual(AT_MOST);
    expect(time("channel")).toBeGreaterThan(0.5);
    expect(trends.get("residual")?.channels).toBeGreaterThan(45);
  },
  60_000,
);
