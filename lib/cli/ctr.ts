import { z } from "zod";
import { finish } from "../base";
import type { CtrCoverage } from "../store";
import type { SyncReport } from "../youtube";
import { openBrowser } from "./browser";
import { defineCommand } from "./command";
import { answer, CommonSettings, say, withStore } from "./context";
import { progressBar } from "./progress";
import { table } from "./table";

const ConnectSettings = z
  .strictObject({
    port: z.number().int().min(0).max(65_535).default(0).meta({
      description: "port of 127.0.0.1 for the answer; 0 takes a free one",
    }),
    timeoutMinutes: z.number().min(0.1).max(60).default(5).meta({
      unit: "minutes",
      description: "how long to wait for the owner's answer",
    }),
    browser: z.boolean().default(true).meta({
      description: "open the address in a browser",
      off: "do not open a browser: only print the address",
    }),
  })
  .meta({ title: "Consent" });

const connectCommand = defineCommand({
  name: "connect",
  summary: "ask a channel's owner for consent to read its reports (needs GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET)",
  settings: { consent: ConnectSettings, common: CommonSettings },
  examples: ["", "--port 8090 --no-browser"],
  async run({ consent: { port, timeoutMinutes, browser }, common }) {
    const { connectOwner } = await import("../youtube");
    const visit = (address: string) => {
      say("Open this address in a browser on this machine, as the owner of the channel:", "", address, "");
      if (browser && openBrowser(address)) say("A browser window should have opened with it.");
    };
    const file = await connectOwner({ port, timeoutMs: timeoutMinutes * 60_000, visit });
    answer(
      common,
      { connected: true, file },
      `Connected. The permission is kept in ${file}.\nNext: thumbrank ctr sync`,
    );
  },
});

const SyncSettings = z
  .strictObject({
    minImpressions: z.number().int().min(1).max(1_000_000_000).default(100).meta({
      unit: "impressions",
      description: "set a video's true CTR once it has this many impressions",
    }),
  })
  .meta({ title: "Rates" });

const syncCommand = defineCommand({
  name: "sync",
  summary: "fetch new reports and set the true CTR of the videos in them",
  settings: { rates: SyncSettings, common: CommonSettings },
  examples: ["", "--min-impressions 1000"],
  async run({ rates, common }) {
    const { openReporting, syncCtr } = await import("../youtube");
    const api = await openReporting();
    const report = await withStore(common, (store, paths) =>
      finish(syncCtr({ api, store, paths, ...rates }), progressBar()),
    );
    answer(common, report, syncText(report, rates.minImpressions));
  },
});

const statusCommand = defineCommand({
  name: "status",
  summary: "show whether a channel is connected, and what its reports cover",
  settings: { common: CommonSettings },
  examples: [""],
  async run({ common }) {
    const { CtrNotConnected, consentFile, readConsent } = await import("../youtube");
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

const DisconnectSettings = z
  .strictObject({
    deleteData: z.boolean().default(false).meta({
      description: "also delete the stored reports and the rates that they gave",
    }),
  })
  .meta({ title: "Rates" });

const disconnectCommand = defineCommand({
  name: "disconnect",
  summary: "revoke the consent at Google and delete it here",
  settings: { rates: DisconnectSettings, common: CommonSettings },
  examples: ["", "--delete-data"],
  async run({ rates: { deleteData }, common }) {
    const { disconnectOwner } = await import("../youtube");
    if (deleteData) await withStore(common, (store) => store.forgetCtr());
    const revoked = await disconnectOwner();
    const what = revoked
      ? "The permission was revoked at Google and deleted here."
      : "The permission had already ended; it is deleted here.";
    const kept = deleteData
      ? "The stored rates are deleted too."
      : "The stored rates are kept; --delete-data deletes them.";
    answer(common, { revoked, dataDeleted: deleteData }, `${what} ${kept}`);
  },
});

export const ctrCommand = defineCommand({
  name: "ctr",
  group: "Data",
  summary: "true click-through rates of your own channels, from YouTube's Reporting API",
  settings: {},
  examples: ["connect", "sync"],
  notes: `Reports arrive about two days after the day they cover. The first arrive two days after the first sync, with 30 days of
history. Google keeps daily reports for 60 days and historical ones for 30: sync at least monthly, preferably daily.
Only a channel's owner can get its click-through rates. See docs/CTR.md.`,
  subcommands: [connectCommand, syncCommand, statusCommand, disconnectCommand],
});

/** What a sync did, and what to expect next. */
export function syncText({ stored, expired, jobSince, applied, coverage }: SyncReport, minImpressions: number): string {
  if (coverage.reports === 0)
    return `There are no reports yet. Google has been making them since ${jobSince.toISOString().slice(0, 10)}: the first arrive about two days after that, with 30 days of history. Run \`thumbrank ctr sync\` again then.`;
  const gone = expired === 0 ? [] : [`${expired} reports expired before they were fetched: sync more often.`];
  const { videos, few, unknown } = applied;
  return [
    `${stored} new reports stored; ${coverageText(coverage)}`,
    ...gone,
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
