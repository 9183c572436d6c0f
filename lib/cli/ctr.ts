import { defineCommand } from "./command";
import { connectCommand, disconnectCommand } from "./ctr/consent";
import { statusCommand, syncCommand } from "./ctr/reports";

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
