import { z } from "zod";
import { finish } from "../../base";
import type { CtrCoverage } from "../../store";
import type { SyncReport } from "../../youtube";
import { defineCommand } from "../command";
import { answer, CommonSettings, withStore } from "../context";
import { progressBar } from "../progress";
import { table } from "../table";

const SyncSettings = z
  .strictObject({
    minImpressions: z.number().int().min(1).max(1_000_000_000).default(100).meta({
      unit: "impressions",
      description: "set a video's true CTR once it has this many impressions",
    }),
    engagedViews: z.boolean().default(false).meta({
      description:
        "also fetch engaged views, which kept the meaning that public views had until August 2026: readings for the proxy of snapshots",
    }),
  })
  .meta({ title: "Rates" });

export const syncCommand = defineCommand({
  name: "sync",
  summary: "fetch new reports and set the true CTR of the videos in them",
  settings: { rates: SyncSettings, common: CommonSettings },
  examples: ["", "--min-impressions 1000"],
  async run({ rates, common }) {
    const { openReporting, syncCtr } = await import("../../youtube");
    const api = await openReporting();
    const report = await withStore(common, (store, paths) =>
      finish(syncCtr({ api, store, paths, ...rates }), progressBar()),
    );
    answer(common, report, syncText(report, rates.minImpressions));
  },
});

export const statusCommand = defineCommand({
  name: "status",
  summary: "show whether a channel is connected, and what its reports cover",
  settings: { common: CommonSettings },
  examples: [""],
  async run({ common }) {
    const { CtrNotConnected, consentFile, readConsent } = await import("../../youtube");
    const file = consentFile(process.env);
    const consent = await readConsent(file).catch((thrown: unknown) => {
      if (thrown instanceof CtrNotConnected) return null;
      throw thrown;
    });
    const coverage = await withStore(common, (store) => store.ctrCoverage());
    const connectedAt = consent?.connectedAt ?? null;
    const lines = [
      connectedAt === null ? "not connected: thumbrank ctr connect" : `connected since ${connectedAt}, kept in ${file}`,
      `reports stored: ${coverageText(coverage)}`,
      `videos: ${coverage.videos} in the reports, ${coverage.rated} stored ones with a true CTR from them`,
    ];
    answer(common, { connected: connectedAt !== null, connectedAt, file, ...coverage }, lines.join("\n"));
  },
});

/** Formats what a sync did and what to expect next. */
export function syncText(report: SyncReport, minImpressions: number): string {
  const { stored, expired, jobSince, engaged, applied, coverage } = report;
  if (coverage.reports === 0)
    return `There are no reports yet. Google has been making them since ${jobSince.toISOString().slice(0, 10)}: the first arrive about two days after that, with 30 days of history. Run \`thumbrank ctr sync\` again then.`;
  const gone = expired === 0 ? [] : [`${expired} reports expired before they were fetched: sync more often.`];
  const { videos, few, unknown } = applied;
  return [
    `${stored} new reports stored; ${coverageText(coverage)}`,
    ...gone,
    engaged === null ? "" : `${engaged.stored} new reports of engaged views stored`,
    table(
      ["videos in the reports", ""],
      [
        ["have a true CTR now", videos],
        [`fewer than ${minImpressions} impressions`, few],
        ["not in the store (collect or import them)", unknown],
      ],
    ),
    videos === 0 ? "" : "Next: thumbrank pairs, then embed and train: true CTRs are the CTR head's targets.",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

const coverageText = ({ reports, firstDay, lastDay }: CtrCoverage): string =>
  `${reports} in all${firstDay === null ? ", none with a row" : `, of ${firstDay} to ${lastDay}`}`;
