import { random } from "../base";
import type { TrainingData } from "../features";
import { credit, quantile } from "../metrics";
import { drawGroups } from "./bootstrap";
import { type Part, selectPart } from "./groups";
import { aucStatistic } from "./statistics";

/** The two held-out parts that a report covers. */
export type SplitName = "channel" | "time";

/** The fold of the videos that a split holds out. */
const FOLD_OF = { channel: "test", time: "time" } as const;

/** AUCs of resampled data, and the interval that contains the middle 95 % of them. */
export interface Drawn {
  aucs: Float64Array;
  low: number;
  high: number;
}

/**
 * The model's AUC in each resample of a split's channels: the same draws that give the report's interval.
 * `by: "pair"` draws single pairs, as if they were independent: an interval that is far too narrow, for comparison.
 */
export function resampledAucs(
  data: TrainingData,
  scores: ArrayLike<number>,
  options: { split: SplitName; by: "channel" | "pair"; seed: number; resamples?: number },
): Drawn {
  const { split, by, seed, resamples = 1000 } = options;
  const fold = FOLD_OF[split];
  const part = selectPart(data, data.pairs[fold], (row) => data.videos[row]?.fold === fold);
  const aucs =
    by === "channel"
      ? channelDraws(part, split, { seed, resamples }).map(aucStatistic(part, scores))
      : pairDraws(part, scores, resamples, seed);
  const sorted = Float64Array.from(aucs).sort();
  return { aucs: Float64Array.from(aucs), low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** How often each channel of a split occurs in each resample. */
export function channelDraws(
  part: Part,
  split: SplitName,
  { seed, resamples }: { seed: number; resamples: number },
): Int32Array[] {
  return drawGroups(part.channels.length, resamples, random(seed, "channels", split));
}

function pairDraws({ pairs }: Part, scores: ArrayLike<number>, resamples: number, seed: number): number[] {
  const { winners, losers } = pairs;
  const credits = Float64Array.from(winners, (winner, pair) => credit(scores[winner]!, scores[losers[pair]!]!));
  const source = random(seed, "pairs drawn singly");
  return Array.from({ length: resamples }, () => {
    let right = 0;
    for (let draw = 0; draw < credits.length; draw++) right += credits[source.integer(credits.length)]!;
    return right / credits.length;
  });
}
