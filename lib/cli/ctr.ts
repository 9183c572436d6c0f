import { Command } from "commander";
import { z } from "zod";
import { configure } from "../config";
import { finish } from "../progress";
import type { CtrCoverage } from "../store";
import type { SyncReport } from "../youtube";
import { openBrowser } from "./browser";
import { answer, type CommonFlags, common, say, withStore } from "./context";
import { progressBar } from "./progress";
import { addSettings, settingsFrom } from "./settings";
import { table } from "./table";

const ConnectOptions = z.strictObject({
  port: z.number().int().min(0).max(65_535).default(0).describe("port of 127.0.0.1 for the answer; 0 takes a free one"),
  timeoutMinutes: z.number().positive().max(60).default(5).describe("how long to wait for the owner's answer"),
  browser: z.boolean().default(true).describe("only print the address, open no browser"),
});

const SyncOptions = z.strictObject({
  minImpressions: z
    .number()
    .int()
    .positive()
    .default(100)
    .describe("a video's true CTR is taken from so many impressions on"),
});

const WAYS = `Reports come about two days after their day. The first come two days after the first sync, with 30 days of
history. Google keeps daily reports for 60 days and those of the history for 30: sync at least monthly, best daily.
Only a channel's owner can get its click-through rates. docs/CTR.md has all of it.`;

export function ctrCommand(): Command {
  return new Command("ctr")
    .description("true click-through rates of your own channels, from YouTube's Reporting API")
    .addCommand(connectCommand())
    .addCommand(syncCommand())
    .addCommand(statusCommand())
    .addCommand(disconnectCommand())
    .addHelpText("after", `\n${WAYS}`);
}

function connectCommand(): Command {
  const command = new Command("connect").description(
    "ask a channel's owner for consent to read its reports (needs GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET)",
  );
  return common(addSettings(command, ConnectOptions)).action(async (flags: CommonFlags & Record<string, unknown>) => {
    const { connectOwner } = await import("../youtube");
    const { port, timeoutMinutes, browser } = settingsFrom(flags, ConnectOptions);
    const visit = (address: string) => {
      say("Open this address in a browser on this machine, as the owner of the channel:", "", address, "");
      if (browser && openBrowser(address)) say("A browser should have opened with it.");
    };
    const file = await connectOwner({ port, timeoutMs: timeoutMinutes * 60_000, visit });
    answer(flags, { connected: true, file }, `Connected. The permission is kept in ${file}.\nNext: thumbrank ctr sync`);
  });
}

function syncCommand(): Command {
  const command = new Command("sync").description("fetch new reports and set the true CTR of the videos in them");
  return common(addSettings(command, SyncOptions)).action(async (flags: CommonFlags & Record<string, unknown>) => {
    const { openReporting, syncCtr } = await import("../youtube");
    const options = settingsFrom(flags, SyncOptions);
    const api = await openReporting();
    const report = await withStore(flags, (store, paths) =>
      finish(syncCtr({ api, store, paths, ...options }), progressBar()),
    );
    answer(flags, report, syncText(report, options.minImpressions));
  });
}

/** What a sync did, and what to expect next. */
export function syncText({ stored, expired, jobSince, applied, coverage }: SyncReport, minImpressions: number): string {
  if (coverage.reports === 0)
    return `No report is there yet. Google makes them since ${jobSince.toISOString().slice(0, 10)}: the first reports come in about two days after that, with 30 days of history. Run \`thumbrank ctr sync\` again then.`;
  const gone = expired === 0 ? [] : [`${expired} reports were gone before they were fetched: sync more often.`];
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

function statusCommand(): Command {
  const command = new Command("status").description("whether a channel is connected, and what its reports cover");
  return common(command).action(async (flags: CommonFlags) => {
    const { CtrNotConnected, consentFile, readConsent } = await import("../youtube");
    const file = consentFile(process.env);
    const consent = await readConsent(file).catch((thrown: unknown) => {
      if (thrown instanceof CtrNotConnected) return null;
      throw thrown;
    });
    const coverage = await withStore(flags, (store) => store.ctrCoverage());
    const connectedAt = consent?.connectedAt ?? null;
    const lines = [
      connectedAt === null ? "not connected: thumbrank ctr connect" : `connected since ${connectedAt}, kept in ${file}`,
      `reports stored: ${coverageText(coverage)}`,
      `videos: ${coverage.videos} in the reports, ${coverage.rated} stored ones with a true CTR from them`,
    ];
    answer(flags, { connected: connectedAt !== null, connectedAt, file, ...coverage }, lines.join("\n"));
  });
}

const DisconnectOptions = z.strictObject({
  deleteData: z.boolean().default(false).describe("also delete the stored reports and the rates that they gave"),
});

function disconnectCommand(): Command {
  const command = new Command("disconnect").description("withdraw the consent at Google and delete it here");
  return common(addSettings(command, DisconnectOptions)).action(
    async (flags: CommonFlags & Record<string, unknown>) => {
      const { disconnectOwner } = await import("../youtube");
      const { deleteData } = configure(DisconnectOptions, { deleteData: flags.deleteData });
      if (deleteData) await withStore(flags, (store) => store.forgetCtr());
      const revoked = await disconnectOwner();
      const what = revoked
        ? "Google was told to end the permission, and it is deleted here."
        : "The permission had ended; it is deleted here.";
      const kept = deleteData
        ? "The stored rates are deleted too."
        : "The stored rates stay; --delete-data deletes them.";
      answer(flags, { revoked, dataDeleted: deleteData }, `${what} ${kept}`);
    },
  );
}
