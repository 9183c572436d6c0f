import { z } from "zod";
import { at } from "../base";
import { quantile } from "../metrics";
import type { Fold } from "../store";

/** A channel with fewer scores than this gets no distribution of its own. */
const MIN_CHANNEL_SCORES = 10;
const ALL_STEPS = 100;
const CHANNEL_STEPS = 20;

const Quantiles = z.array(z.number()).min(2).max(101);

/** Quantiles of scores at equal steps from the lowest to the highest, to determine the percentile of a new score. */
export const ScoreQuantiles = z.strictObject({
  /** Quantiles of validation videos (of all videos, if there is no validation fold) of all channels; 101 steps. */
  all: Quantiles,
  /** Quantiles of each known channel's own videos, by channel id; 21 steps. */
  channels: z.record(z.string().max(200), Quantiles),
});
export type ScoreQuantiles = z.infer<typeof ScoreQuantiles>;

/**
 * Summarises the scores that the model gave its own data, for `model.json`.
 * @param videos in the order of the scores
 * @param scores [videos]
 */
export function scoreQuantiles(
  videos: readonly { channelId: string; fold: Fold }[],
  scores: Float32Array,
): ScoreQuantiles {
  const held = [...scores].filter((_, row) => videos[row]?.fold === "validation");
  const channels = new Map<string, number[]>();
  videos.forEach(({ channelId }, row) => {
    const own = channels.get(channelId) ?? [];
    own.push(at(scores, row));
    channels.set(channelId, own);
  });
  const known = [...channels].filter(([, own]) => own.length >= MIN_CHANNEL_SCORES);
  return {
    all: quantiles(held.length > 1 ? held : [...scores], ALL_STEPS),
    channels: Object.fromEntries(known.map(([channelId, own]) => [channelId, quantiles(own, CHANNEL_STEPS)])),
  };
}

/** Quantiles 0/steps to steps/steps, linear between the sorted values (Hyndman and Fan's type 7). */
export function quantiles(values: readonly number[], steps: number): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: steps + 1 }, (_, step) => quantile(sorted, step / steps));
}

/**
 * The share of scores below a score, 0-100, linear between quantiles; if several quantiles equal it, the middle of
 * them.
 */
export function percentile(score: number, steps: readonly number[]): number {
  const last = steps.length - 1;
  const first = steps.findIndex((quantile) => quantile >= score);
  if (first < 0) return 100;
  const equal = steps.lastIndexOf(score);
  if (equal >= 0) return (100 * (first + equal)) / 2 / last;
  if (first === 0) return 0;
  const below = at(steps, first - 1);
  const above = at(steps, first);
  return (100 * (first - 1 + (score - below) / (above - below))) / last;
}
