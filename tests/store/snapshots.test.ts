import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { PairOptions } from "../../lib/config";
import type { BuildOptions, RatedVideo, Store, TrainingPair, Video } from "../../lib/store";
import { ageHours } from "./naive";
import { naiveBuild } from "./naive-build";
import { naiveMeasured } from "./naive-snapshots";
import { buildOptions } from "./options";
import { collect, KINDS, type Stores } from "./stores";
import { readingsFrom } from "./trending";
import { worldOf } from "./world";

const HOUR_MS = 3_600_000;
const loose = { minViews: 20, minChannelVideos: 4, minSubscribers: 50, minAgeHours: 0 };
const TRENDING = join(__dirname, "..", "..", "..", "shared", "data", "trending-2026", "snapshots.csv.gz");

/** Videos of a messy world with up to five earlier readings each: some at the very ages asked for, some with fewer views than before. */
function readingsOf(seed: number, hours: readonly number[]): Video[] {
  const source = random("readings", seed);
  return worldOf(seed, 20).flatMap((video) => {
    const age = ageHours(video);
    const earlier = Array.from({ length: source.integer(6) }, () => {
      const asked = hours[source.integer(4)] ?? source.uniform() * age;
      const views = Math.round(video.views * source.uniform() * 1.1);
      return { ...video, views, collectedAt: new Date(video.publishedAt.getTime() + Math.floor(asked * HOUR_MS)) };
    });
    return [video, ...earlier.filter(({ collectedAt }) => collectedAt < video.collectedAt)];
  });
}

/** The last reading of each video and time: what the store keeps of several at one time. */
function distinct(readings: Video[]): Video[] {
  return [...new Map(readings.map((one) => [`${one.videoId} ${one.collectedAt.getTime()}`, one])).values()];
}

const newest = (readings: Video[]): Video[] => {
  const byTime = [...readings].sort((a, b) => a.collectedAt.getTime() - b.collectedAt.getTime());
  return [...new Map(byTime.map((reading) => [reading.videoId, reading])).values()];
};

function naively(readings: Video[], options: BuildOptions) {
  const measured = naiveMeasured(distinct(readings), options.pairs);
  return naiveBuild(newest(readings), options, measured);
}

function expectAlike(rated: RatedVideo[], pairs: TrainingPair[], truth: ReturnType<typeof naively>) {
  expect(new Map(rated.map((video) => [video.videoId, video.fold]))).toEqual(truth.folds);
  for (const { videoId, viewsPerHour, proxy, ctrProxy } of rated) {
    const naive = truth.rated.get(videoId);
    // Logarithms are exact to nine decimals, views to six.
    expect(Math.abs(viewsPerHour - Number(naive?.viewsPerHour))).toBeLessThan(1e-6 + 1e-6 * viewsPerHour);
    expect(proxy).toBe(viewsPerHour);
    expect(ctrProxy).toBe(naive?.ctrProxy);
  }
  const names = pairs.map(({ margin: _, ...pair }) => pair);
  expect(names).toEqual(truth.pairs.map(({ margin: _, ...pair }) => pair));
}

test("an age that ends before it begins is refused", () => {
  expect(PairOptions.safeParse({ snapshotFromHours: 48, snapshotToHours: 24 }).error?.issues[0]?.message).toBe(
    "must be later than the age at which snapshots begin",
  );
});

for (const { kind, absent, make } of KINDS) {
  describe.skipIf(absent)(kind, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await make();
    });
    afterAll(() => stores?.end());

    async function built(store: Store, readings: Video[], options: BuildOptions) {
      await store.upsertVideos(readings);
      const report = await store.buildPairs(options);
      return { report, rated: await collect(store.ratedVideos()), pairs: await collect(store.pairs()) };
    }

    test.each([
      { seed: 41, pairs: { snapshotFromHours: 168, snapshotToHours: 336 } },
      { seed: 42, pairs: { snapshotFromHours: 24, snapshotToHours: 100, minMargin: 0.1, maxPairsPerChannel: 9 } },
      { seed: 47, pairs: { snapshotFromHours: 48, snapshotToHours: 300, viewsChangedOn: "2026-01-25" } },
    ])("measured rates, folds and pairs of world $seed equal naive loops", async ({ seed, pairs }) => {
      const readings = readingsOf(seed, [pairs.snapshotFromHours, pairs.snapshotToHours]);
      const options = buildOptions({ quality: loose, pairs: { ...pairs, proxy: "snapshots" }, seed });
      const truth = naively(readings, options);
      const { report, rated, pairs: stored } = await built(await stores.empty(), readings, options);
      expect(report.quality).toEqual(truth.outcomes);
      expect(report.quality.find(({ rule }) => rule === "no readings at that age")?.removed).toBeGreaterThan(10);
      expectAlike(rated, stored, truth);
      expect(stored.length).toBeGreaterThan(30);
    });

    test("views are read between two readings of one unit, never across the day on which they changed", async () => {
      const store = await stores.empty();
      const [first] = worldOf(46);
      if (first === undefined) throw new Error("empty world");
      const published = new Date("2026-01-01T00:00:00Z");
      const at = (videoId: string, hours: number, views: number, viewsUnit?: "engaged"): Video => ({
        ...first,
        ...(viewsUnit === undefined ? {} : { viewsUnit }),
        videoId,
        views,
        publishedAt: published,
        durationSeconds: 100,
        language: null,
        subscribers: null,
        picture: { sha256: "0".repeat(64), format: "png" },
        collectedAt: new Date(published.getTime() + hours * HOUR_MS),
      });
      const pairs = { proxy: "snapshots", snapshotFromHours: 100, snapshotToHours: 200 } as const;
      const readings = [
        ...[at("before", 100, 1000), at("before", 200, 3000)],
        ...[at("across", 100, 1000), at("across", 300, 9000)],
        ...[at("after", 250, 1000), at("after", 260, 9000)],
        ...[at("owner", 100, 1000), at("owner", 240, 90_000), at("owner", 300, 5000, "engaged")],
      ];
      // 220 hours after they were published.
      const options = buildOptions({
        quality: { ...loose, minChannelVideos: 0, windowDays: 1000 },
        pairs: { ...pairs, viewsChangedOn: "2026-01-10" },
      });
      const { rated } = await built(store, readings, options);
      const { rate } = naiveMeasured(readings, options.pairs).rates.get("owner") ?? {};
      expect(rated.map(({ videoId, labelUnit }) => [videoId, labelUnit])).toEqual([
        ["before", "engaged"],
        ["owner", "engaged"],
      ]);
      expect(rated[0]?.viewsPerHour).toBe(20);
      expect(rated[1]?.viewsPerHour).toBeCloseTo(rate ?? Number.NaN, 6);
      expect(rated[1]?.viewsPerHour).toBeLessThan(40);
      const later = { ...pairs, snapshotFromHours: 250, snapshotToHours: 255, viewsChangedOn: "2026-01-10" };
      const mixed = await built(store, [], { ...options, pairs: PairOptions.parse(later) });
      expect(mixed.rated.map(({ videoId, labelUnit }) => [videoId, labelUnit])).toEqual([
        ["after", "starts"],
        ["owner", "engaged"],
      ]);
    });

    test("a power of age is read exactly between two readings, and a video read on one side only is left out", async () => {
      const store = await stores.empty();
      const [first] = worldOf(43);
      if (first === undefined) throw new Error("empty world");
      const at = (videoId: string, hours: number, views: number): Video => ({
        ...first,
        videoId,
        views,
        durationSeconds: 100,
        language: null,
        subscribers: null,
        picture: { sha256: "0".repeat(64), format: "png" },
        collectedAt: new Date(first.publishedAt.getTime() + hours * HOUR_MS),
      });
      const grown = [100, 400].map((hours) => at("grown", hours, 10 * hours ** 2));
      const young = [100, 150].map((hours) => at("young", hours, 5000));
      const options = buildOptions({ quality: { ...loose, minChannelVideos: 0 }, pairs: { proxy: "snapshots" } });
      const { rated } = await built(store, [...grown, ...young, at("late", 400, 9000)], options);
      expect(rated.map(({ videoId }) => videoId)).toEqual(["grown"]);
      expect(rated[0]?.viewsPerHour).toBeCloseTo((10 * 336 ** 2 - 10 * 168 ** 2) / 168, 4);
    });

    test("baselines are those of the measured rates, and another proxy brings its own back", async () => {
      const store = await stores.empty();
      const readings = readingsOf(44, [168, 336]);
      const options = buildOptions({ quality: loose, pairs: { proxy: "snapshots" } });
      const { rated } = await built(store, readings, options);
      const baselines = () =>
        stores.connection.query<{ videos: number; mean: number }>(
          "select videos, mean_views_per_hour as mean from channel_baselines order by channel_id",
        );
      const measured = await baselines();
      const total = (rows: { videos: number; mean: number }[]) =>
        rows.reduce((sum, row) => sum + row.videos * row.mean, 0);
      const excluded = [...naively(readings, options).rated].filter(
        ([id]) => !rated.some(({ videoId }) => videoId === id),
      );
      const left = excluded.reduce((sum, [, { viewsPerHour }]) => sum + viewsPerHour, 0);
      const kept = rated.reduce((sum, { viewsPerHour }) => sum + viewsPerHour, 0);
      expect(total(measured) / (kept + left)).toBeCloseTo(1, 6);

      const plain = await built(store, [], buildOptions({ quality: loose }));
      const fresh = await built(await stores.empty(), readings, buildOptions({ quality: loose }));
      expect(plain).toEqual(fresh);
      expect(plain.rated.length).toBeGreaterThan(rated.length);
    });

    test.skipIf(!existsSync(TRENDING))(
      "videos of the trending lists, read several times, are measured as by naive loops (needs ../shared/data/trending-2026)",
      async () => {
        const readings = await readingsFrom(TRENDING);
        const pairs = { proxy: "snapshots", snapshotFromHours: 24, snapshotToHours: 48, windowDays: 300 } as const;
        const everything = { language: null, maxDurationSeconds: 1e6, minChannelVideos: 0, windowDays: 1000 };
        const options = buildOptions({ quality: { ...loose, ...everything }, pairs });
        const truth = naively(readings, options);
        const { report, rated, pairs: stored } = await built(await stores.empty(), readings, options);
        expect(report.quality).toEqual(truth.outcomes);
        expectAlike(rated, stored, truth);
        expect(rated.length).toBeGreaterThan(300);
        expect(stored.length).toBeGreaterThan(10);
      },
      60_000,
    );
  });
}
