import { z } from "zod";
import { CallConcurrency, DETAILS_DAYS, MOST_DAYS, QuotaOptions } from "../config";
import type { RefreshPlan, RefreshReport } from "../youtube";
import { defineCommand } from "./command";
import { answer, assertVideos, CommonSettings, withStore } from "./context";
import { WaitForQuota } from "./fields";
import { progressBar } from "./progress";
import { STOPPED, stopSignal } from "./signals";
import { table } from "./table";

const DAY_MS = 86_400_000;

const RefreshSettings = z
  .strictObject({
    olderThanDays: z.number().min(0).max(MOST_DAYS).default(7).meta({
      unit: "days",
      description: "read the statistics of videos again if they were last read at least this long ago",
    }),
    detailsDays: z.number().min(0).max(MOST_DAYS).default(DETAILS_DAYS).meta({
      unit: "days",
      description:
        "read channels, and titles and thumbnail addresses of videos, again if they were last read at least this long ago; YouTube's policies allow 30",
    }),
    all: z.boolean().default(false).meta({
      description: "read the statistics of all of them again, whenever they were read last",
    }),
    dryRun: z.boolean().default(false).meta({ description: "only show what would be read, and the quota for it" }),
    wait: WaitForQuota,
    concurrency: CallConcurrency,
  })
  .meta({ title: "Refresh" });

export const refreshCommand = defineCommand({
  name: "refresh",
  group: "Data",
  summary:
    "read the statistics of collected videos again, 50 a call of a quota of their own: a new reading of their views each, and what is gone is marked",
  settings: { refresh: RefreshSettings, quota: QuotaOptions, common: CommonSettings },
  examples: ["--dry-run", "", "--older-than-days 1 --wait"],
  notes: `Statistics are read by videos.batchGetStats, which takes nothing from collection's units. Everything else is read by
videos.list and channels.list, rarely (--details-days); so are videos that videos.batchGetStats does not answer, and all of
them if YouTube refuses it.

After a stop, a kill or used-up quota, the same command continues where it stopped. Exit codes: 0 complete, 75 the day's quota is
used up, 130 stopped by a signal, 1 anything else. What was imported from a table is left alone. docs/RETENTION.md says
what YouTube's policies ask for, and how to run this by cron.`,
  async run({ refresh: { olderThanDays, detailsDays, all, dryRun, wait, concurrency }, quota: limits, common }) {
    const { refresh, planRefresh, readYoutubeAccess, toQuotaLimits } = await import("../youtube");
    await assertVideos(common);
    const now = new Date();
    const before = new Date(now.getTime() - (all ? 0 : olderThanDays * DAY_MS));
    const detailsBefore = new Date(now.getTime() - detailsDays * DAY_MS);
    if (dryRun) {
      const due = { before, detailsBefore };
      const plan = await withStore(common, (store) => planRefresh(store, due, toQuotaLimits(limits), now));
      answer(common, plan, refreshPlanText(plan));
      return;
    }
    readYoutubeAccess(process.env);
    const { finish } = await import("../base");
    const signal = stopSignal("finishing the work in progress");
    const report = await withStore(common, (store) =>
      finish(refresh({ store, before, detailsBefore, concurrency, limits, signal, wait }), progressBar()),
    );
    answer(common, report, refreshText(report));
    if (report.stopped) process.exitCode = STOPPED;
  },
});

/** Formats what a refresh would read and spend. */
export function refreshPlanText({ statistics, details, channels, calls, left }: RefreshPlan): string {
  return [
    table(
      ["would be read again", "items"],
      [
        ["statistics of videos", statistics],
        ["all details of videos", details],
        ["channels", channels],
      ],
    ),
    table(
      ["quota", "needed", "left today"],
      [
        ["calls of videos.batchGetStats", calls.statistics, left.statistics],
        ["units (channels.list, videos.list)", calls.units, left.units],
      ],
    ),
    "Nothing was read: this was --dry-run. Videos that videos.batchGetStats does not answer take a few units more.",
  ].join("\n\n");
}

/** Formats what a refresh did, as a table. */
export function refreshText(report: RefreshReport): string {
  const { channels, videos, removed, skipped, statisticsRefused, left, spent, stopped } = report;
  const units = spent["channels.list"] + spent["videos.list"];
  return [
    table(
      ["refreshed", ""],
      [
        ["channels", channels],
        ["videos", videos],
        ["  removed from YouTube", removed],
        ["  without readable statistics now", skipped],
        ["calls of videos.batchGetStats spent", spent["videos.batchGetStats"]],
        ["units spent", units],
        ["videos left", left],
      ],
    ),
    ...(statisticsRefused === null
      ? []
      : [
          `Note: videos.batchGetStats was not used (${statisticsRefused}), so videos were read by videos.list, from the units that collection needs.`,
        ]),
    ...(removed > 0 ? ["Next: thumbrank purge deletes what is removed."] : []),
    ...(stopped ? ["Stopped: the same command continues."] : []),
  ].join("\n");
}
