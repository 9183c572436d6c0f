import type { BuildOptions, Video } from "../../lib/store";
import {
  dropSharedPictures,
  inStoredOrder,
  type NaiveMeasured,
  naiveFolds,
  naiveGrowth,
  naiveOutliers,
  naivePairs,
  naiveQuality,
} from "./naive";
import { naiveNeighbours, naiveRates, naiveResiduals } from "./naive-labels";
import { apart, channelOf, unitOf } from "./naive-units";

/** All of `Store.buildPairs`, by the plain loops of naive.ts and naive-labels.ts. */
export function naiveBuild(world: Video[], options: BuildOptions, measured?: NaiveMeasured) {
  const { quality, pairs, splits, seed } = options;
  const passed = naiveQuality(world, quality, measured);
  const folds = naiveFolds(passed.kept, splits, seed);
  const labelUnit = (video: Video) => measured?.rates.get(video.videoId)?.unit ?? unitOf(video, pairs);
  const { kept, outcome } = naiveOutliers(apart(passed.kept, labelUnit), folds, quality, measured);
  const dropped = dropSharedPictures(kept, folds);
  const whole = kept.map((video) => ({ ...video, channelId: channelOf(video.channelId) }));
  const counts = apart(whole, (video) => unitOf(video, pairs));
  const residuals = naiveResiduals(counts, folds);
  const growth = naiveGrowth(counts);
  const labels = { residuals, neighbours: naiveNeighbours(counts, folds, residuals), growth };
  const rated = naiveRates(kept, labels, pairs.proxy, measured);
  const drawn = naivePairs(kept, rated, folds, pairs, seed);
  return {
    kept: whole,
    growth,
    outcomes: [...passed.outcomes, outcome],
    rated,
    units: new Map(whole.map((video) => [video.videoId, labelUnit(video)])),
    folds,
    dropped,
    pairs: inStoredOrder(drawn.map((pair) => ({ ...pair, channelId: channelOf(pair.channelId) }))),
  };
}
