import { z } from "zod";
import { openBrowser } from "../browser";
import { defineCommand } from "../command";
import { answer, CommonSettings, say, withStore } from "../context";

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

export const connectCommand = defineCommand({
  name: "connect",
  summary: "ask a channel's owner for consent to read its reports (needs GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET)",
  settings: { consent: ConnectSettings, common: CommonSettings },
  examples: ["", "--port 8090 --no-browser"],
  async run({ consent: { port, timeoutMinutes, browser }, common }) {
    const { connectOwner } = await import("../../youtube");
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

const DisconnectSettings = z
  .strictObject({
    deleteData: z.boolean().default(false).meta({
      description: "also delete the stored reports and the rates that they gave",
    }),
  })
  .meta({ title: "Rates" });

export const disconnectCommand = defineCommand({
  name: "disconnect",
  summary: "revoke the consent at Google and delete it here",
  settings: { rates: DisconnectSettings, common: CommonSettings },
  examples: ["", "--delete-data"],
  async run({ rates: { deleteData }, common }) {
    const { disconnectOwner } = await import("../../youtube");
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
