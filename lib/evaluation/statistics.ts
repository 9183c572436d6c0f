import type { Calibration } from "../metrics";
import * as metrics from "../metrics";
import { bootstrapSums, type Statistic } from "./bootstrap";
import { type Part, pick, rowsByChannel } from "./groups";

/** Each metric as a statistic over channels: their contributions are summed once, which makes resamples cheap. */

/** Pairwise AUC over all pairs of the part. */
export function aucStatistic(part: Part, scores: ArrayLike<number>): Statistic {
  return bootstrapSums(creditSums(part, [scores]), 2, (total) => total[1]! / total[0]!);
}

/** Pairwise AUC of `scores` minus that of `others`, on the same pairs. */
export function aucDifference(part: Part, scores: ArrayLike<number>, others: ArrayLike<number>): Statistic {
  const sums = creditSums(part, [scores, others]);
  return bootstrapSums(sums, 3, (total) => (total[1]! - total[2]!) / total[0]!);
}

/** The model's share of the true appeal's signal: (AUC - 0.5) / (AUC of the true appeal - 0.5). */
export function recoveredStatistic(part: Part, scores: ArrayLike<number>, appeal: ArrayLike<number>): Statistic {
  return bootstrapSums(creditSums(part, [scores, appeal]), 3, (total) => {
    const half = total[0]! / 2;
    return half === 0 ? Number.NaN : (total[1]! - half) / (total[2]! - half);
  });
}

/** Plain mean over channels of their own pairwise AUC: channels count equally, however many pairs they have. */
export function channelMeanAuc(part: Part, scores: ArrayLike<number>): Statistic {
  const sums = creditSums(part, [scores]);
  return meanOverChannels(part.channels.map((_, channel) => sums[channel * 2 + 1]! / sums[channel * 2]!));
}

/** Plain mean over channels of the difference of their own AUCs. */
export function channelMeanDifference(part: Part, scores: ArrayLike<number>, others: ArrayLike<number>): Statistic {
  const sums = creditSums(part, [scores, others]);
  return meanOverChannels(
    part.channels.map((_, channel) => (sums[channel * 3 + 1]! - sums[channel * 3 + 2]!) / sums[channel * 3]!),
  );
}

/** Fewest videos of a channel for a meaningful correlation. */
export const FEWEST_VIDEOS = 3;

/**
 * Spearman's correlation of scores and targets within each channel; NaN with fewer than FEWEST_VIDEOS videos, or if
 * scores or targets are constant.
 */
export function spearmanByChannel(part: Part, scores: ArrayLike<number>, targets: ArrayLike<number>): number[] {
  return rowsByChannel(part).map((rows) =>
    rows.length < FEWEST_VIDEOS ? Number.NaN : metrics.spearman(pick(scores, rows), pick(targets, rows)),
  );
}

/** Plain mean over channels of a value for each; channels where it is not defined (NaN) are left out. */
export function meanOverChannels(byChannel: number[]): Statistic {
  const sums = Float64Array.from(byChannel.flatMap((value) => (Number.isNaN(value) ? [0, 0] : [value, 1])));
  return bootstrapSums(sums, 2, (total) => total[0]! / total[1]!);
}

/** Spearman's correlation over all videos of the part at once; each resample is ranked again, with copies as ties. */
export function pooledSpearman(part: Part, scores: ArrayLike<number>, targets: ArrayLike<number>): Statistic {
  const x = pick(scores, part.rows);
  const y = pick(targets, part.rows);
  const orderX = metrics.ascending(x);
  const orderY = metrics.ascending(y);
  return (counts) => {
    const copies = Int32Array.from(part.rows, (row) => counts[part.channelOf[row]!]!);
    const ranksX = metrics.weightedMidRanks(x, orderX, copies);
    const ranksY = metrics.weightedMidRanks(y, orderY, copies);
    return metrics.pearson(ranksX, ranksY, copies);
  };
}

/** Pearson's correlation over all videos of the part. */
export function pearsonStatistic(part: Part, x: ArrayLike<number>, y: ArrayLike<number>): Statistic {
  const meanX = metrics.mean(pick(x, part.rows));
  const meanY = metrics.mean(pick(y, part.rows));
  const sums = new Float64Array(part.channels.length * metrics.MOMENTS);
  for (const row of part.rows) {
    const offset = part.channelOf[row]! * metrics.MOMENTS;
    metrics.addMoments(sums, offset, x[row]! - meanX, y[row]! - meanY);
  }
  return bootstrapSums(sums, metrics.MOMENTS, metrics.pearsonOfMoments);
}

/** Sums of calibration by channel, [channels, CALIBRATION_SUMS]. */
export function calibrationByChannel(part: Part, scores: ArrayLike<number>, calibration: Calibration): Float64Array {
  const sums = new Float64Array(part.channels.length * metrics.CALIBRATION_SUMS);
  const { winners, losers } = part.pairs;
  for (let pair = 0; pair < winners.length; pair++) {
    const winner = winners[pair]!;
    const offset = part.channelOf[winner]! * metrics.CALIBRATION_SUMS;
    metrics.addPair(sums, offset, calibration, scores[winner]!, scores[losers[pair]!]!);
  }
  return sums;
}

/** For each channel, the number of its pairs, then each score list's credit on them: [channels, 1 + lists]. */
function creditSums({ channels, channelOf, pairs }: Part, lists: ArrayLike<number>[]): Float64Array {
  const width = 1 + lists.length;
  const sums = new Float64Array(channels.length * width);
  for (let pair = 0; pair < pairs.winners.length; pair++) {
    const winner = pairs.winners[pair]!;
    const loser = pairs.losers[pair]!;
    const offset = channelOf[winner]! * width;
    sums[offset]! += 1;
    for (const [list, scores] of lists.entries()) {
      const at = offset + 1 + list;
      sums[at]! += metrics.credit(scores[winner]!, scores[loser]!);
    }
  }
  return sums;
}
