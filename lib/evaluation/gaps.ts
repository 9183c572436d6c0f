import { at } from "../base";
import { type BaselineName, type BaselineScores, forEachBaseline } from "./baselines";
import type { Estimate, Statistic } from "./bootstrap";
import { type Part, withPairs } from "./groups";
import type { GapResult } from "./report";
import { aucStatistic } from "./statistics";

/** Where the bands of `gapResults` begin, as multiples of the loser's views; about even steps of log views. */
export const GAP_BANDS = [1, 1.3, 1.8, 2.9, 5.6];

/** A winner with this many times the loser's views won clearly: noise in the views seldom turns such a pair around. */
const DECIDED = 3;

/** What the bands are measured with: the scores, and how a figure gets its interval. */
interface GapInput {
  scores: ArrayLike<number>;
  baselines: BaselineScores;
  estimate: (statistic: Statistic) => Estimate;
}

/** AUC by the true gap of a pair: how many times the loser's label (views per hour, or another) the winner has. */
export function gapResults(part: Part, input: GapInput): GapResult[] {
  return GAP_BANDS.map((from, band) => gapResult(part, input, from, GAP_BANDS[band + 1] ?? Number.POSITIVE_INFINITY));
}

/** AUC of the pairs whose winner has at least `DECIDED` times the loser's label. */
export function decidedResult(part: Part, input: GapInput): GapResult {
  return gapResult(part, input, DECIDED, Number.POSITIVE_INFINITY);
}

function gapResult(part: Part, { scores, baselines, estimate }: GapInput, from: number, to: number): GapResult {
  const { margins } = part.pairs;
  const inBand = withPairs(part, (pair) => {
    // From |a - b| / max(a, b) = 1 - 1 / ratio.
    const ratio = 1 / (1 - at(margins, pair));
    return ratio >= from && (ratio < to || to === Number.POSITIVE_INFINITY);
  });
  const channels = new Set(Array.from(inBand.pairs.winners, (row) => at(part.channelOf, row)));
  const auc = (of: ArrayLike<number> | null): Estimate =>
    of === null ? { value: Number.NaN, low: Number.NaN, high: Number.NaN } : estimate(aucStatistic(inBand, of));
  return {
    from,
    to,
    pairs: inBand.pairs.winners.length,
    channels: channels.size,
    pairwiseAuc: auc(scores),
    baselines: forEachBaseline((name: BaselineName) => auc(baselines[name])),
  };
}
