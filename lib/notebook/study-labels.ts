import { existsSync } from "node:fs";
import { join } from "node:path";
import { groupBy, type Progress } from "../base";
import { configure, MOST_DAYS, PairOptions, QualityOptions, resolvePaths, TableOptions } from "../config";
import type { LabelTrend } from "../evaluation";
import type { VideoLabels } from "../store";
import type { NotebookSettings } from "./profile";
import { withStore } from "./store";

/** The labels of some videos, as `thumbrank pairs --explain` measures them for pairs by views per hour. */
export interface LabelStudy {
  /** Whose videos they are, for readers. */
  source: string;
  videos: VideoLabels[];
  trends: LabelTrend[];
}

/**
 * Studies the labels of a table's videos, which it imports without pictures into a store beside the home's. Where there
 * is no such table it studies those of the home, whose pairs it replaces.
 * @param columns the table's names of our columns, where they differ
 */
export async function* studyLabels(
  settings: NotebookSettings,
  file: string,
  columns: TableOptions["map"] = {},
): AsyncGenerator<Progress, LabelStudy> {
  const { paths, quality, splits, seed } = settings;
  const pairs = configure(PairOptions, { maxPairsPerChannel: 100 });
  const study = (home: NotebookSettings["paths"], rules: QualityOptions) =>
    withStore(home, async (store) => {
      const { collect } = await import("../store");
      const { labelTrends } = await import("../evaluation");
      const { growthExponent } = await store.buildPairs({ quality: rules, pairs, splits, seed });
      const videos = await collect(store.labels(pairs, growthExponent));
      return { videos, trends: labelTrends(videos, seed) };
    });
  if (!existsSync(file))
    return { source: `this home's videos, since there is no ${file}`, ...(await study(paths, quality)) };

  const { importTable } = await import("../dataset");
  const { openHomeStore } = await import("../store");
  const home = resolvePaths(join(paths.home, "labels"));
  const store = await openHomeStore(home);
  try {
    const table = configure(TableOptions, { map: columns });
    yield* importTable({ file, table, thumbnails: null, store, paths: home });
  } finally {
    await store.close();
  }
  const days = { windowDays: MOST_DAYS, activeDays: MOST_DAYS };
  const rules = configure(QualityOptions, { ...days, language: null, requirePicture: false });
  return { source: `the videos of ${file}`, ...(await study(home, rules)) };
}

/**
 * Mean of a label over the tenths of each channel's videos in order of upload, oldest first.
 * @returns x 1 to 10, and means
 */
export function byTenthOfTime(
  videos: readonly VideoLabels[],
  label: (video: VideoLabels) => number,
): { x: number[]; y: number[] } {
  const sums = Array.from({ length: 10 }, () => ({ sum: 0, videos: 0 }));
  for (const own of groupBy(videos, ({ channelId }) => channelId).values()) {
    own.sort((a, b) => a.publishedAt.getTime() - b.publishedAt.getTime());
    for (const [place, video] of own.entries()) {
      const tenth = sums[Math.floor((10 * place) / own.length)];
      if (tenth === undefined) continue;
      tenth.sum += label(video);
      tenth.videos++;
    }
  }
  return { x: sums.map((_, tenth) => tenth + 1), y: sums.map(({ sum, videos }) => sum / videos) };
}
