import { z } from "zod";
import { CallConcurrency, MOST_DAYS, QuotaOptions } from "../config";
import type { RefreshReport } from "../youtube";
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
      description: "read videos again if they were last read at least this long ago",
    }),
    all: z.boolean().default(false).meta({ description: "read all of them again, whenever they were read last" }),
    wait: WaitForQuota,
    concurrency: CallConcurrency,
  })
  .meta({ title: "Refresh" });

export const refreshCommand = defineCommand({
  name: "refresh",
  group: "Data",
  summary:
    "read the statistics of collected videos again, 50 a unit: a new reading of their views each, and what is gone is marked",
  settings: { refresh: RefreshSettings, quota: QuotaOptions, common: CommonSettings },
  examples: ["", "--older-than-days 1 --wait"],
  notes: `After a stop, a kill or used-up quota, the same command continues where it stopped. Exit codes: 0 complete, 75 the day's quota is
used up, 130 stopped by a signal, 1 anything else. What was imported from a table is left alone. docs/RETENTION.md says
what YouTube's policies ask for, and how to run this by cron.`,
  async run({ refresh: { olderThanDays, all, wait, concurrency }, quota: limits, common }) {
    const { refresh, readYoutubeAccess } = await import("../youtube");
    await assertVideos(common);
    readYoutubeAccess(process.env);
    const { finish } = await import("../base");
    const before = new Date(Date.now() - (all ? 0 : olderThanDays * DAY_MS));
    const signal = stopSignal("finishing the work in progress");
    const report = await withStore(common, (store) =>
      finish(refresh({ store, before, concurrency, limits, signal, wait }), progressBar()),
    );
    answer(common, report, refreshText(report));
    if (report.stopped) process.exitCode = STOPPED;
  },
});

/** Formats what a refresh did, as a table. */
export function refreshText({ channels, videos, removed, skipped, left, spent, stopped }: RefreshReport): string {
  const units = spent["channels.list"] + spent["videos.list"];
  return [
    table(
      ["refreshed", ""],
      [
        ["channels", channels],
        ["videos", videos],
        ["  removed from YouTube", removed],
        ["  without readable statistics now", skipped],
        ["units spent", units],
        ["videos left", left],
      ],
    ),
    ...(removed > 0 ? ["Next: thumbrank purge deletes what is removed."] : []),
    ...(stopped ? ["Stopped: the same command continues."] : []),
  ].join("\n");
}
