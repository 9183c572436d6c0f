import { bootstrap, type Statistic } from "./bootstrap";
import { type Part, selectPart } from "./groups";
import type { KnownChannels } from "./report";
import { channelDraws } from "./resample";
import type { Measured } from "./split";
import { aucDifference, aucStatistic, channelMeanAuc, channelMeanDifference } from "./statistics";

/** Compares scores with and without the offsets of known channels, on the pairs of channels that have one. */
export function knownChannels(
  { data, scores, seed, resamples }: Measured,
  time: Part,
  known: { scores: ArrayLike<number>; channels: ReadonlySet<string> },
): KnownChannels {
  const isKnown = (row: number) => known.channels.has(data.videos[row]?.channelId ?? "");
  const part = selectPart(data, time.pairs, (row) => data.videos[row]?.fold === "time" && isKnown(row));
  const draws = channelDraws(part, "time", { seed, resamples });
  const estimate = (statistic: Statistic) => bootstrap(statistic, part.channels.length, draws);
  const aucs = (of: ArrayLike<number>) => ({
    pairwiseAuc: estimate(aucStatistic(part, of)),
    pairwiseAucByChannel: estimate(channelMeanAuc(part, of)),
  });
  return {
    channels: part.channels.length,
    pairs: part.pairs.winners.length,
    global: aucs(scores),
    withOffset: aucs(known.scores),
    difference: {
      pairwiseAuc: estimate(aucDifference(part, known.scores, scores)),
      pairwiseAucByChannel: estimate(channelMeanDifference(part, known.scores, scores)),
    },
  };
}
