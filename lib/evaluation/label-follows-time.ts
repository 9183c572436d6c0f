import { groupBy } from "../base";
import { mean, spearman } from "../metrics";
import type { RatedVideo } from "../store";
import { decimal } from "./format";
import type { Check, Symptoms } from "./issues";
import { FEWEST_VIDEOS } from "./statistics";

/** A mean Spearman correlation with upload time beyond this, within training channels, counts as following it. */
export const FOLLOWS_TIME = 0.2;

/** A label that tells when a video was published, rather than how well it did among its neighbours. */
export function labelFollowsTime({ report, training }: Symptoms): Check {
  const videos = report?.videos.filter(({ fold }) => fold === "train") ?? [];
  const labels = [
    { name: "the proxy of the pairs", value: withTime(videos, ({ proxy }) => proxy) },
    {
      name: `the CTR target "${training.ctrTarget}"`,
      value: withTime(videos, (video) => (training.ctrTarget === "channel" ? video.ctrProxy : video.ctrNeighbours)),
    },
  ].filter(({ value }) => !Number.isNaN(value));
  if (labels.length === 0) return { looked: "labels against upload time: not known", finding: null };
  const show = ({ name, value }: { name: string; value: number }) => `${name} ${decimal(value)}`;
  const looked = `correlation with upload time: ${labels.map(show).join(", ")} (follows it beyond ±${FOLLOWS_TIME})`;
  const following = labels.filter(({ value }) => Math.abs(value) > FOLLOWS_TIME);
  if (following.length === 0) return { looked, finding: null };
  const newer = report?.channel.baselines.newer.pairwiseAuc.value ?? Number.NaN;
  const advice = [
    "build the pairs with `thumbrank pairs --proxy residual` and train with `--ctr-target neighbours`, which do not follow it",
    "`thumbrank pairs --explain` shows how far each proxy and target does (docs/LABELS.md)",
    Number.isNaN(newer) ? "" : `on unseen channels "the newer video wins" has an AUC of ${decimal(newer)} (chance 0.5)`,
  ];
  const evidence = `within training channels ${following.map(show).join(" and ")} (Spearman, threshold ±${FOLLOWS_TIME})`;
  return {
    looked,
    finding: {
      issue: "labelFollowsTime",
      title: "Label follows upload time",
      evidence,
      advice: advice.filter(Boolean),
    },
  };
}

/** Mean over channels of the label's rank correlation with upload time; NaN if no channel has one. */
function withTime(videos: RatedVideo[], label: (video: RatedVideo) => number | null | undefined): number {
  const points = videos.flatMap((video) => {
    const value = label(video);
    return value == null ? [] : [{ channelId: video.channelId, time: video.publishedAt.getTime(), value }];
  });
  const correlations = [...groupBy(points, ({ channelId }) => channelId).values()]
    .filter(({ length }) => length >= FEWEST_VIDEOS)
    .map((own) =>
      spearman(
        own.map(({ time }) => time),
        own.map(({ value }) => value),
      ),
    );
  return mean(correlations.filter((value) => !Number.isNaN(value)));
}
