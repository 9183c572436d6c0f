import type { CollectPlan, CollectReport } from "../youtube";
import { table } from "./table";

/** Formats a plan: the calls of each stage, and their totals. */
export function planText({ stages, searches, units, days, videos }: CollectPlan): string {
  const rows = stages.map(({ stage, method, bucket, calls, yields }) => [
    stage,
    method,
    calls,
    ...(bucket === "units" ? ["-", calls] : bucket === "search" ? [calls, "-"] : ["-", "-"]),
    yields,
  ]);
  const total = ["in all", "", "", searches, units, `${videos.toLocaleString("en-US")} videos`];
  const span = Number.isFinite(days) ? `${days} Pacific day${days === 1 ? "" : "s"} of quota` : "never: a limit is 0";
  return [
    table(["stage", "method", "calls", "searches", "units", "yields"], [...rows, total]),
    `Takes ${span}. It may take more searches: some of the channels that they find are not kept.`,
  ].join("\n\n");
}

/** Formats what a collection holds, what was left out, and what this run spent. */
export function reportText(report: CollectReport): string {
  const { counts, refusals, spent, unitsPerThousandVideos, left } = report;
  const { channels, videos, pictures } = counts;
  const held = [
    ["channels", channels.accepted, channels.rejected, channels.found],
    ["videos", videos.stored, videos.skipped + videos.removed, videos.listed],
    ["pictures", pictures.kept, pictures.refused, pictures.wanted],
  ];
  const perThousand = unitsPerThousandVideos === null ? "" : `, ${unitsPerThousandVideos.toFixed(1)} per 1,000 videos`;
  const units = spent["channels.list"] + spent["playlistItems.list"] + spent["videos.list"];
  return [
    table(["", "collected", "left out", "open"], held),
    table(
      ["left out", "reason", "count"],
      refusals.map(({ kind, reason, refused }) => [kind, reason, refused]),
    ),
    `This run: ${spent["search.list"]} searches and ${units} units${perThousand} (${Object.entries(spent)
      .map(([method, calls]) => `${method} ${calls}`)
      .join(", ")}). Left today: ${left.search} searches, ${left.units} units.`,
    nextStep(report),
  ].join("\n\n");
}

/** Whether a collection has everything that its options ask for. */
export function isComplete({ stopped, open }: CollectReport): boolean {
  return !stopped && open.channels.length + open.searches.length === 0;
}

function nextStep(report: CollectReport): string {
  if (report.stopped) return "Stopped; the same command continues.";
  if (isComplete(report)) return "Next: thumbrank pairs";
  const { channels, searches } = report.open;
  return [
    table(
      ["still open", "", "listed", "reason"],
      [
        ...channels.map(({ channelId, title, listed, reason }) => [channelId, title ?? "", listed, reason]),
        ...searches.map(({ niche, query, reason }) => [`search of ${niche}`, query, "-", reason]),
      ],
    ),
    "Not complete: YouTube did not let these be listed to the end. The same command tries again.",
  ].join("\n\n");
}
