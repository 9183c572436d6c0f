import { at, groupBy } from "../base";
import type { TrainingOptions } from "../config";
import { AUXILIARY_HEADS, type AuxiliaryHead } from "../model";
import type { RatedVideo } from "../store";
import { CtrTargetMissing } from "./errors";

/** What the CTR head learns where there is no true CTR. */
export type CtrTarget = TrainingOptions["ctrTarget"];

/** Minimum number of true CTRs to rank videos among each other; with fewer, a rank says too little. */
const MIN_TRUE_CTRS = 5;

/** Measurements of a video's picture and title, on any scale that rises with the sub-score. */
export type Signals = Partial<Record<AuxiliaryHead, number>>;

/**
 * Target of the CTR head. If the owner's Reporting API gave true click-through rates for at least 5 videos, the target
 * of these is their percentile among them; otherwise it is a percentile that SQL computed (docs/LABELS.md). Videos are
 * ranked among those of their channel and fold with "neighbours", of their whole channel with "channel".
 * @returns [n], 0-1
 * @throws CtrTargetMissing if the pairs were built before there were neighbours
 */
export function ctrTargets(videos: readonly RatedVideo[], ctrTarget: CtrTarget): Float32Array {
  const targets = Float32Array.from(videos, ({ ctrProxy, ctrNeighbours }) => {
    if (ctrTarget === "channel") return ctrProxy;
    if (ctrNeighbours == null) throw new CtrTargetMissing();
    return ctrNeighbours;
  });
  for (const rows of trueCtrRows(videos, ctrTarget)) {
    const ranks = percentiles(rows.map((row) => videos[row]?.trueCtr as number));
    rows.forEach((row, index) => {
      targets[row] = at(ranks, index);
    });
  }
  return targets;
}

/** Number of videos whose CTR target is their true CTR; the others use a percentile of views. */
export function countTrueCtrTargets(videos: readonly RatedVideo[], ctrTarget: CtrTarget): number {
  return trueCtrRows(videos, ctrTarget).reduce((sum, rows) => sum + rows.length, 0);
}

/** Rows of the videos with a true CTR, by those that are ranked among each other, where there are enough of them. */
function trueCtrRows(videos: readonly RatedVideo[], ctrTarget: CtrTarget): number[][] {
  const rated = videos.flatMap(({ channelId, fold, trueCtr }, row) => {
    const group = ctrTarget === "channel" ? channelId : `${fold} ${channelId}`;
    return trueCtr === null ? [] : [{ group, row }];
  });
  return [...groupBy(rated, ({ group }) => group).values()]
    .filter(({ length }) => length >= MIN_TRUE_CTRS)
    .map((own) => own.map(({ row }) => row));
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
