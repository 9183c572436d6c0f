import { Command } from "commander";
import { z } from "zod";
import { QuotaOptions } from "../collect-settings";
import type { RefreshReport } from "../youtube";
import { answer, type CommonFlags, common, withStore } from "./context";
import { progressBar } from "./progress";
import { addSettings, settingsFrom } from "./settings";
import { stopSignal } from "./signals";
import { table } from "./table";

const DAY_MS = 86_400_000;
/** Exit code after SIGINT or SIGTERM: not finished, the same command goes on. */
const STOPPED = 130;

const RefreshSettings = z
  .strictObject({
    olderThanDays: z
      .number()
      .nonnegative()
      .default(7)
      .describe("videos are read again that were last read so many days ago, or longer"),
    concurrency: z.number().int().min(1).max(64).default(8).describe("calls under way at once"),
  })
  .extend(QuotaOptions.shape);

interface RefreshFlags extends CommonFlags {
  all?: boolean;
  wait?: boolean;
}

export function refreshCommand(): Command {
  const command = new Command("refresh").description(
    "read the statistics of collected videos again, 50 a unit: a new reading of their views each, and what is gone is marked",
  );
  addSettings(command, RefreshSettings)
    .option("--all", "read all of them again, whenever they were read last")
    .option("--wait", "when the day's quota is used up, sleep until midnight in California and go on");
  return common(command)
    .addHelpText("after", HELP)
    .action(async (flags: RefreshFlags & Record<string, unknown>) => {
      const { apiKeyOf, refresh } = await import("../youtube");
      // Without one, not even a store is made.
      apiKeyOf(process.env);
      const { finish } = await import("../progress");
      const { olderThanDays, concurrency, ...limits } = settingsFrom(flags, RefreshSettings);
      const before = new Date(Date.now() - (flags.all ? 0 : olderThanDays * DAY_MS));
      const signal = stopSignal("finishing what is under way");
      const { wait = false } = flags;
      const report = await withStore(flags, (store) =>
        finish(refresh({ store, before, concurrency, limits, signal, wait }), progressBar()),
      );
      answer(flags, report, refreshText(report));
      if (report.stopped) process.exitCode = STOPPED;
    });
}

const HELP = `
Stopped, killed or out of quota, the same command goes on where it ended. Exit codes: 0 complete, 75 the day's quota is
used up, 130 stopped by a signal, 1 anything else. What was imported from a table is left alone. docs/RETENTION.md says
what YouTube's policies ask for, and how to run this by cron.`;

/** What a refresh did, as a table. */
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
    ...(stopped ? ["Stopped: the same command goes on."] : []),
  ].join("\n");
}
