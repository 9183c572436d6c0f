import type { BuildOptions, Video } from "../../lib/store";
import { dropSharedPictures, type NaiveMeasured, naiveFolds, naiveOutliers, naivePairs, naiveQuality } from "./naive";
import { naiveRates } from "./naive-labels";

/** All of `Store.buildPairs`, by the plain loops of naive.ts and naive-labels.ts. */
export function naiveBuild(world: Video[], options: BuildOptions, measured?: NaiveMeasured) {
  const { quality, pairs, splits, seed } = options;
  const passed = naiveQuality(world, quality, measured);
  const folds = naiveFolds(passed.kept, splits, seed);
  const { kept, outcome } = naiveOutliers(passed.kept, folds, quality, measured);
  const dropped = dropSharedPictures(kept, folds);
  const rated = naiveRates(kept, folds, pairs.proxy, measured);
  const outcomes = [...passed.outcomes, outcome];
  return { kept, outcomes, rated, folds, dropped, pairs: naivePairs(kept, rated, folds, pairs, seed) };
}
