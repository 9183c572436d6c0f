import type { CtrRow, Video } from "../../lib/store";
import { type Job, reachRowsOf, reportsOf } from "../google/reporting/reports";
import type { GoogleStandIn } from "../google/start";
import { World } from "../google/world";
import { pictureOf } from "../store/world";

/** Rows of all reports that were to be had at some of these times, of each day those of the report made last. */
export function reachRows(google: GoogleStandIn, jobCreatedAt: Date, ...times: Date[]): CtrRow[] {
  const world = new World(google.options.world);
  const job: Job = {
    id: "00000000-0000-4000-8000-000000100001",
    name: "",
    reportTypeId: "",
    createdAt: jobCreatedAt.getTime(),
  };
  const channel = world.channelAt(google.options.oauth.ownerChannel);
  const last = new Map<string, ReturnType<typeof reportsOf>[number]>();
  for (const report of times.flatMap((at) => reportsOf(job, at.getTime()))) {
    const other = last.get(report.day);
    if (other === undefined || other.createdAt < report.createdAt) last.set(report.day, report);
  }
  return [...last.values()].flatMap((report) => reachRowsOf(world, channel, report));
}

/** Mean of the rows' rates weighted by impressions, by video, of those with enough. Files hold six decimals. */
export function weightedCtr(rows: CtrRow[], minImpressions: number): Map<string, number> {
  const sums = new Map<string, { impressions: number; clicks: number }>();
  for (const { videoId, impressions, ctr } of rows) {
    const sum = sums.get(videoId) ?? { impressions: 0, clicks: 0 };
    sums.set(videoId, {
      impressions: sum.impressions + impressions,
      clicks: sum.clicks + impressions * Number(ctr.toFixed(6)),
    });
  }
  const enough = [...sums].filter(([, { impressions }]) => impressions >= minImpressions);
  return new Map(enough.map(([id, { impressions, clicks }]) => [id, clicks / impressions]));
}

/** Half of the videos have at least so many impressions. */
export function medianImpressions(rows: CtrRow[]): number {
  const sums = new Map<string, number>();
  for (const { videoId, impressions } of rows) sums.set(videoId, (sums.get(videoId) ?? 0) + impressions);
  return [...sums.values()].sort((a, b) => a - b)[Math.floor(sums.size / 2)] ?? 0;
}

/** Stored videos of these ids, of one channel, published over 80 days; all but views and times alike. */
export function videosNamed(ids: readonly string[], channelId: string): Video[] {
  const collectedAt = new Date(Date.UTC(2026, 10, 1));
  return ids.map((videoId, index) => ({
    videoId,
    channelId,
    channelTitle: "Owned",
    title: `Video ${index}`,
    views: 2000 + ((index * 7919) % 50_000),
    publishedAt: new Date(collectedAt.getTime() - (5 + (index % 80)) * 86_400_000),
    collectedAt,
    durationSeconds: 300,
    likes: null,
    comments: null,
    subscribers: 5000,
    language: "en",
    niche: "tech",
    picture: pictureOf(index),
    trueCtr: null,
  }));
}
