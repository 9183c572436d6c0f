import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PairOptions, QualityOptions, SplitOptions } from "../../lib/config";
import { type BuildOptions, FOLDS, type Store, type Video } from "../../lib/store";
import { naiveFolds, naiveGrowth, naivePairs, naiveQuality, naiveRates } from "./naive";
import { collect, KINDS, type Stores } from "./stores";
import { worldOf } from "./world";

const loose = { minViews: 20, minChannelVideos: 4, minSubscribers: 50 };
const settings = [
  { world: 11, seed: 0, quality: {}, pairs: {}, splits: {} },
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
];

function build({ seed, ...options }: (typeof settings)[number]): BuildOptions {
  const { quality, pairs, splits } = options;
  return {
    seed,
    quality: QualityOptions.parse(quality),
    pairs: PairOptions.parse(pairs),
    splits: SplitOptions.parse(splits),
  };
}

function naively(world: Video[], { quality, pairs, splits, seed }: BuildOptions) {
  const { kept, outcomes } = naiveQuality(world, quality);
  const rated = naiveRates(kept, pairs.proxy);
  const { folds, dropped } = naiveFolds(kept, splits, seed);
  return { kept, outcomes, rated, folds, dropped, pairs: naivePairs(kept, rated, folds, pairs, seed) };
}

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
      const [world, options] = [worldOf(setting.world, 20), build(setting)];
      const truth = naively(world, options);
      const { report, rated, pairs } = await built(await stores.empty(), world, options);

      expect(report.quality).toEqual(truth.outcomes);
      expect(report).toMatchObject({ videos: world.length, kept: truth.kept.length, duplicatePictures: truth.dropped });
      expect(report.growthExponent).toBeCloseTo(naiveGrowth(truth.kept) ?? Number.NaN, 7);

      expect(new Map(rated.map((video) => [video.videoId, video.fold]))).toEqual(truth.folds);
      for (const video of rated) {
        const { viewsPerHour, proxy, ctrProxy } = truth.rated.get(video.videoId) ?? {};
        expect(video.viewsPerHour).toBe(viewsPerHour);
        expect(video.ctrProxy).toBe(ctrProxy);
        expect(video.proxy / Number(proxy)).toBeCloseTo(1, options.pairs.proxy === "viewsPerHour" ? 15 : 7);
      }
      const names = pairs.map(({ margin: _, ...pair }) => pair);
      expect(names).toEqual(truth.pairs.map(({ margin: _, ...pair }) => pair));
      expect(pairs.length).toBeGreaterThan(50);
      for (const [index, { margin }] of pairs.entries()) expect(margin).toBeCloseTo(truth.pairs[index]?.margin ?? 0, 6);
    });

    test("the report counts what the store then gives", async () => {
      const store = await stores.empty();
      const { report, rated, pairs } = await built(
        store,
        worldOf(21, 20),
        build({ ...settings[1], world: 21 } as (typeof settings)[1]),
      );
      for (const fold of FOLDS) {
        const videos = rated.filter((video) => video.fold === fold);
        expect(report.folds[fold]).toEqual({
          videos: videos.length,
          channels: new Set(videos.map((video) => video.channelId)).size,
          pairs: pairs.filter((pair) => pair.fold === fold).length,
        });
        expect(await collect(store.pairs(fold))).toEqual(pairs.filter((pair) => pair.fold === fold));
      }
    });
  });
}
