import { at } from "../base";
import { AUXILIARY_HEADS, type AuxiliaryHead } from "../model";
import type { RatedVideo } from "../store";

/** Minimum number of true CTRs to rank the videos of a channel; with fewer, a rank says too little. */
const MIN_TRUE_CTRS = 5;

/** Measurements of a video's picture and title, on any scale that rises with the sub-score. */
export type Signals = Partial<Record<AuxiliaryHead, number>>;

/**
 * Target of the CTR head. If the owner's Reporting API gave true click-through rates for at least 5 videos of a
 * channel, the target of these is their percentile among them; otherwise it is the CTR proxy, itself a percentile
 * within the channel. Both rise with success and mean "share of the channel's videos below this one".
 * @returns [n], 0-1
 */
export function ctrTargets(videos: readonly RatedVideo[]): Float32Array {
  const targets = Float32Array.from(videos, ({ ctrProxy }) => ctrProxy);
  for (const rows of trueCtrRows(videos)) {
    const ranks = percentiles(rows.map((row) => videos[row]?.trueCtr as number));
    rows.forEach((row, index) => {
      targets[row] = at(ranks, index);
    });
  }
  return targets;
}

/** Number of videos whose CTR target is their true CTR; the others use the proxy. */
export function countTrueCtrTargets(videos: readonly RatedVideo[]): number {
  return trueCtrRows(videos).reduce((sum, rows) => sum + rows.length, 0);
}

/** Rows of the videos with a true CTR, by channel, for channels with enough of them. */
function trueCtrRows(videos: readonly RatedVideo[]): number[][] {
  const channels = new Map<string, number[]>();
  for (const [row, { channelId, trueCtr }] of videos.entries())
    if (trueCtr !== null) channels.set(channelId, [...(channels.get(channelId) ?? []), row]);
  return [...channels.values()].filter(({ length }) => length >= MIN_TRUE_CTRS);
}

/**
 * Targets of the sub-scores: weak supervision from the CTR target, the same for all six (guide, "Auxiliary Heads"). If
 * a video has a signal, the mean of the CTR target and the signal's percentile among all videos.
 * @param ctr [n]
 * @param signals [n], undefined if nothing was measured
 * @returns [n, 6], 0-1, row-major
 */
export function auxiliaryTargets(ctr: Float32Array, signals: readonly (Signals | undefined)[] = []): Float32Array {
  const heads = AUXILIARY_HEADS.length;
  const targets = Float32Array.from({ length: ctr.length * heads }, (_, i) => at(ctr, Math.floor(i / heads)));
  for (const [column, head] of AUXILIARY_HEADS.entries()) {
    const rows = signals.flatMap((signal, row) => (signal?.[head] === undefined ? [] : [row]));
    const ranks = percentiles(rows.map((row) => signals[row]?.[head] as number));
    rows.forEach((row, index) => {
      targets[row * heads + column] = (at(ctr, row) + at(ranks, index)) / 2;
    });
  }
  return targets;
}

/**
 * Percentile of each value: share of the values below it, counting ties, itself included, as half: (rank - 1/2) / n.
 * @returns within (0, 1)
 */
export function percentiles(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => at(values, a) - at(values, b));
  const ranks: number[] = [];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const value = values[at(order, start)];
    while (end < order.length && values[at(order, end)] === value) end++;
    for (const index of order.slice(start, end)) ranks[index] = (start + end) / 2 / order.length;
  }
  return ranks;
}
