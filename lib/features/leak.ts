import { ThumbrankError } from "../base";
import type { Fold, RatedVideo, TrainingPair } from "../store";

/** The fields of a video that are checked for leaks. */
export type PlacedVideo = Pick<RatedVideo, "videoId" | "channelId" | "fold" | "labelUnit" | "picture" | "publishedAt">;

/** One violation. */
export interface Leak {
  kind: "video" | "channel" | "picture" | "time" | "pair" | "unit";
  what: string;
}

/** Training data that also appears in the data used for evaluation. */
export class LeakFound extends ThumbrankError {
  constructor(readonly leaks: Leak[]) {
    super("DATASET_LEAK", {
      what: `the folds are not apart: ${leaks[0]?.what}${leaks.length > 1 ? `, and ${leaks.length - 1} more` : ""}`,
      next: "build folds and pairs again with `thumbrank pairs`; if it persists, report it, and trust no metric of this data",
    });
  }
}

/**
 * Checks that the folds are separate: no video or identical picture in two of them; no channel in two of train,
 * validation and test (`time` holds the latest videos of the train channels); and pairs that stay within their channel
 * and fold, and compare views of one unit.
 * @throws LeakFound with every violation
 */
export function assertNoLeak(videos: Iterable<PlacedVideo>, pairs: Iterable<TrainingPair>): void {
  const placed = [...videos];
  const leaks = [
    ...twice(
      "video",
      placed,
      ({ videoId }) => videoId,
      ({ fold }) => fold,
    ),
    ...twice(
      "channel",
      placed,
      ({ channelId }) => channelId,
      ({ fold }) => (fold === "time" ? "train" : fold),
    ),
    ...twice(
      "picture",
      placed,
      ({ picture }) => picture?.sha256,
      ({ fold }) => fold,
    ),
    ...earlyTests(placed),
    ...crossingPairs(placed, pairs),
  ];
  if (leaks.length > 0) throw new LeakFound(leaks);
}

function twice(
  kind: Leak["kind"],
  videos: PlacedVideo[],
  nameOf: (video: PlacedVideo) => string | undefined,
  sideOf: (video: PlacedVideo) => Fold,
): Leak[] {
  const sides = new Map<string, Set<Fold>>();
  for (const video of videos) {
    const name = nameOf(video);
    if (name !== undefined) sides.set(name, (sides.get(name) ?? new Set()).add(sideOf(video)));
  }
  const several = [...sides].filter(([, folds]) => folds.size > 1);
  return several.map(([name, folds]) => ({ kind, what: `${kind} ${name} is in ${[...folds].join(" and ")}` }));
}

function earlyTests(videos: PlacedVideo[]): Leak[] {
  const latest = new Map<string, number>();
  for (const { channelId, fold, publishedAt } of videos) {
    if (fold === "train") latest.set(channelId, Math.max(latest.get(channelId) ?? 0, publishedAt.getTime()));
  }
  return videos
    .filter(
      ({ channelId, fold, publishedAt }) => fold === "time" && publishedAt.getTime() < (latest.get(channelId) ?? 0),
    )
    .map(({ videoId }) => ({ kind: "time", what: `video ${videoId} of time is older than one its channel trains on` }));
}

function crossingPairs(videos: PlacedVideo[], pairs: Iterable<TrainingPair>): Leak[] {
  const places = new Map(videos.map(({ videoId, fold, channelId }) => [videoId, `${fold} ${channelId}`]));
  const units = new Map(videos.map(({ videoId, labelUnit }) => [videoId, labelUnit]));
  const leaks: Leak[] = [];
  for (const { winnerId, loserId, fold, channelId } of pairs) {
    const name = `the ${fold} pair of ${winnerId} and ${loserId}`;
    if (![winnerId, loserId].every((id) => places.get(id) === `${fold} ${channelId}`))
      leaks.push({ kind: "pair", what: `${name} leaves its fold or channel` });
    else if (units.get(winnerId) !== units.get(loserId))
      leaks.push({ kind: "unit", what: `${name} compares ${units.get(winnerId)} with ${units.get(loserId)} views` });
  }
  return leaks;
}
