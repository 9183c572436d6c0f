import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QualityOptions } from "../../lib/config";
import {
  type BuildOptions,
  FOLDS,
  QUALITY_RULES,
  type RatedVideo,
  type Store,
  type TrainingPair,
  type Video,
} from "../../lib/store";
import { groupBy } from "./naive";
import { naiveBuild } from "./naive-build";
import { buildOptions, type GivenOptions } from "./options";
import { collect, KINDS, type Stores } from "./stores";
import { pictureOf, worldOf } from "./world";

const loose = { minViews: 20, minChannelVideos: 4, minSubscribers: 50 };
const settings: (GivenOptions & { world: number })[] = [
  { world: 11 },
  {
    world: 12,
    seed: 1,
    quality: { ...loose, language: null },
    pairs: { maxPairsPerChannel: 25 },
    splits: { timeFraction: 0.3 },
  },
  {
    world: 13,
    seed: 7,
    quality: { ...loose, maxDeviations: 1.5 },
    pairs: { proxy: "ageAdjusted", minMargin: 0.2, windowDays: 3.5 },
    splits: { testFraction: 0.5, validationFraction: 0.5 },
  },
  {
    world: 14,
    seed: 8,
    quality: { ...loose, minAgeHours: 0, windowDays: 1000 },
    pairs: { proxy: "ageAdjusted", maxPairsPerChannel: 3 },
    splits: { testFraction: 0, timeFraction: 0 },
  },
  {
    world: 15,
    seed: 9,
    quality: { ...loose, language: null, maxDeviations: 1, requirePicture: false },
    pairs: { proxy: "residual", maxPairsPerChannel: 30, windowDays: 20 },
    splits: { timeFraction: 0.5 },
  },
  { world: 16, seed: 3, quality: { ...loose, minAgeHours: 0 }, pairs: { viewsChangedOn: "2026-02-28" } },
  { world: 17, seed: 4, quality: loose, pairs: { proxy: "residual", viewsChangedOn: "2026-01-10" } },
  { world: 18, seed: 5, quality: loose, pairs: { proxy: "ageAdjusted", viewsChangedOn: "2026-02-27" } },
];

/** A world in which some sources name the unit of their views. */
const unitsOf = (seed: number): Video[] =>
  worldOf(seed, 20).map((video, at) => (at % 9 === 0 ? { ...video, viewsUnit: "engaged" as const } : video));

async function built(store: Store, world: Video[], options: BuildOptions) {
  await store.upsertVideos(world);
  const report = await store.buildPairs(options);
  return { report, rated: await collect(store.ratedVideos()), pairs: await collect(store.pairs()) };
}

for (const { kind, absent, make } of KINDS) {
  describe.skipIf(absent)(kind, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await make();
    });
    afterAll(() => stores?.end());

    test.each(settings)("rules, proxies, folds and pairs of world $world equal naive loops", async (setting) => {
      const world = setting.pairs?.viewsChangedOn ? unitsOf(setting.world) : worldOf(setting.world, 20);
      const options = buildOptions(setting);
      const truth = naiveBuild(world, options);
      const { report, rated, pairs } = await built(await stores.empty(), world, options);

      expect(report.quality).toEqual(truth.outcomes);
      expect(report).toMatchObject({ videos: world.length, kept: truth.kept.length, duplicatePictures: truth.dropped });
      expect(report.growthExponent).toBeCloseTo(truth.growth ?? Number.NaN, 7);

      expect(new Map(rated.map((video) => [video.videoId, video.fold]))).toEqual(truth.folds);
      const units = groupBy(rated, ({ labelUnit }) => labelUnit);
      expect(report.viewsUnits).toEqual(Object.fromEntries([...units].map(([unit, videos]) => [unit, videos.length])));
      expect(units.size).toBe(setting.pairs?.viewsChangedOn ? 3 : 1);
      for (const { videoId, labelUnit } of rated) expect(labelUnit).toBe(truth.units.get(videoId));
      for (const video of rated) {
        const { viewsPerHour, proxy, ctrProxy, residual, ctrNeighbours } = truth.rated.get(video.videoId) ?? {};
        expect(video.viewsPerHour).toBe(viewsPerHour);
        expect([video.ctrProxy, video.ctrNeighbours]).toEqual([ctrProxy, ctrNeighbours]);
        expect(video.residual).toBeCloseTo(residual ?? Number.NaN, 6);
        expect(video.proxy / Number(proxy)).toBeCloseTo(
          1,
          { viewsPerHour: 15, ageAdjusted: 7, residual: 6, snapshots: 15 }[options.pairs.proxy],
        );
      }
      const names = pairs.map(({ margin: _, ...pair }) => pair);
      expect(names).toEqual(truth.pairs.map(({ margin: _, ...pair }) => pair));
      expect(pairs.length).toBeGreaterThan(50);
      for (const [index, { margin }] of pairs.entries()) expect(margin).toBeCloseTo(truth.pairs[index]?.margin ?? 0, 6);
    });

    test("no label crosses the day on which views changed: five times the views after it change nothing", async () => {
      const quality = { ...loose, minViews: 0 };
      const options = buildOptions({ quality, pairs: { proxy: "residual", viewsChangedOn: "2026-02-28" } });
      const world = worldOf(27, 20);
      const isAfter = ({ collectedAt }: Video) => collectedAt >= new Date("2026-02-28T00:00:00Z");
      const swollen = world.map((video) =>
        isAfter(video) ? { ...video, views: 5 * Math.max(1, video.views) } : video,
      );
      const plain = await built(await stores.empty(), world, options);
      const grown = await built(await stores.empty(), swollen, options);
      const labels = ({ videoId, fold, ctrProxy, ctrNeighbours }: RatedVideo) => [
        videoId,
        fold,
        ctrProxy,
        ctrNeighbours,
      ];
      expect(grown.rated.map(labels)).toEqual(plain.rated.map(labels));
      const names = ({ winnerId, loserId }: TrainingPair) => [winnerId, loserId];
      expect(grown.pairs.map(names)).toEqual(plain.pairs.map(names));
      const units = new Map(grown.rated.map(({ videoId, labelUnit }) => [videoId, labelUnit]));
      expect(grown.pairs.filter(({ winnerId, loserId }) => units.get(winnerId) !== units.get(loserId))).toEqual([]);
      for (const unit of ["engaged", "mixed"])
        expect(grown.pairs.filter(({ winnerId }) => units.get(winnerId) === unit).length).toBeGreaterThan(50);

      const never = { ...options, pairs: { ...options.pairs, viewsChangedOn: "2030-01-01" } };
      const together = await built(await stores.empty(), swollen, never);
      expect(together.pairs.map(names)).not.toEqual(plain.pairs.map(names));
    });

    test("the report counts what the store then gives, and no channel, video or picture is in two folds", async () => {
      const store = await stores.empty();
      const options = buildOptions({ quality: loose, pairs: { maxPairsPerChannel: 25 } });
      const { report, rated, pairs } = await built(store, worldOf(21, 20), options);
      for (const fold of FOLDS) {
        const videos = rated.filter((video) => video.fold === fold);
        expect(report.folds[fold]).toEqual({
          videos: videos.length,
          channels: new Set(videos.map((video) => video.channelId)).size,
          pairs: pairs.filter((pair) => pair.fold === fold).length,
        });
        expect(videos.length).toBeGreaterThan(0);
        expect(await collect(store.pairs(fold))).toEqual(pairs.filter((pair) => pair.fold === fold));
      }
      const sides = (video: RatedVideo) => (video.fold === "time" ? "train" : video.fold);
      expect(spread(rated, (video) => video.channelId, sides)).toBe(1);
      expect(
        spread(
          rated,
          (video) => video.videoId,
          (video) => video.fold,
        ),
      ).toBe(1);
      expect(
        spread(
          rated,
          (video) => String(video.picture?.sha256),
          (video) => video.fold,
        ),
      ).toBe(1);
      expect(report.duplicatePictures).toBeGreaterThan(0);
    });

    test("a rebuild gives the same, another seed gives others, and the first seed the first again", async () => {
      const store = await stores.empty();
      const options = buildOptions({ quality: loose, pairs: { maxPairsPerChannel: 10 }, seed: 1 });
      const first = await built(store, worldOf(22, 20), options);
      expect(await built(store, [], options)).toEqual(first);
      const other = await built(store, [], { ...options, seed: 2 });
      expect(other.pairs).not.toEqual(first.pairs);
      expect(other.report.quality).toEqual(first.report.quality);
      expect(await built(store, [], options)).toEqual(first);
    });

    test("a rule whose column no video has is not applied and says so", async () => {
      const store = await stores.empty();
      const silent = { durationSeconds: null, language: null, subscribers: null };
      await store.upsertVideos(worldOf(23, 20).map((video) => ({ ...video, ...silent })));
      const outcomes = await store.applyQuality(QualityOptions.parse(loose));
      expect(outcomes.map(({ rule }) => rule)).toEqual(
        QUALITY_RULES.filter((rule) => rule !== "no readings at that age" && rule !== "outlier"),
      );
      expect(outcomes.filter(({ applied }) => !applied)).toEqual(
        ["duration", "language", "subscribers"].map((rule) => ({
          rule,
          removed: 0,
          applied: false,
          note: `no video says its ${rule}`,
        })),
      );
    });

    test("a language counts in any of its forms, and what names none is not said", async () => {
      const store = await stores.empty();
      const tags = ["en", "EN", "en-GB", "en_US", "zxx", "und", "mul", "mis", "zxx-US", "de", "de-AT", "mis-spelt"];
      const videos = worldOf(25, 20).slice(0, tags.length);
      await store.upsertVideos(
        videos.map((video, at) => ({ ...video, picture: pictureOf(at), durationSeconds: null, language: tags[at]! })),
      );
      const outcomes = await store.applyQuality(
        QualityOptions.parse({
          minViews: 0,
          minAgeHours: 0,
          windowDays: 1000,
          maxDurationSeconds: 1e6,
          minDurationSeconds: 0,
        }),
      );
      expect(outcomes.find(({ rule }) => rule === "language")).toMatchObject({
        applied: true,
        removed: 2,
        note: "6 of 12 videos do not say their language and were kept",
      });
    });

    test("other quality rules void the pairs that were built", async () => {
      const store = await stores.empty();
      const { pairs } = await built(store, worldOf(24, 20), buildOptions({ quality: loose }));
      expect(pairs.length).toBeGreaterThan(0);
      await store.applyQuality(QualityOptions.parse({}));
      expect(await collect(store.pairs())).toEqual([]);
      expect(await collect(store.ratedVideos())).toEqual([]);
    });

    test("without two ages in any channel there is no growth curve, and the adjusted proxy is the plain rate", async () => {
      const world = worldOf(25, 20).map((video) => ({ ...video, publishedAt: new Date(Date.UTC(2026, 1, 1)) }));
      const sameAge = world.map((video) => ({ ...video, collectedAt: new Date(Date.UTC(2026, 2, 1)) }));
      const options = buildOptions({ quality: loose, pairs: { proxy: "ageAdjusted" } });
      const { report, rated } = await built(await stores.empty(), sameAge, options);
      expect(report.growthExponent).toBeNull();
      expect(rated.length).toBeGreaterThan(0);
      for (const video of rated) expect(video.proxy).toBe(video.viewsPerHour);
    });

    test("an empty store makes empty folds", async () => {
      const { report } = await built(await stores.empty(), [], buildOptions({}));
      const nothing = { channels: 0, videos: 0, pairs: 0 };
      const folds = { train: nothing, validation: nothing, test: nothing, time: nothing };
      expect(report).toMatchObject({ videos: 0, kept: 0, folds, duplicatePictures: 0, growthExponent: null });
    });
  });
}

/** The most values of `side` that one key has. */
function spread(
  videos: RatedVideo[],
  keyOf: (video: RatedVideo) => string,
  side: (video: RatedVideo) => string,
): number {
  return Math.max(...[...groupBy(videos, keyOf).values()].map((same) => new Set(same.map(side)).size));
}
