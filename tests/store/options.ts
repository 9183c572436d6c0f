import { PairOptions, QualityOptions, SplitOptions } from "../../lib/config";
import type { BuildOptions } from "../../lib/store";

/** Options of a build, with the guide's defaults for what is not given. */
export interface GivenOptions {
  quality?: Partial<QualityOptions>;
  pairs?: Partial<PairOptions>;
  splits?: Partial<SplitOptions>;
  seed?: number;
}

export function buildOptions({ quality = {}, pairs = {}, splits = {}, seed = 0 }: GivenOptions): BuildOptions {
  return {
    quality: QualityOptions.parse(quality),
    pairs: PairOptions.parse(pairs),
    splits: SplitOptions.parse(splits),
    seed,
  };
}
