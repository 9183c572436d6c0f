import { z } from "zod";
import { resolvePaths, ServeSettings } from "../config";
import { defineCommand } from "./command";
import { HomeSettings, say } from "./context";
import { ModelFolder } from "./fields";

const ServeEncoderSettings = z.strictObject({ modelDir: ModelFolder }).meta({ title: "Encoders" });

export const serveCommand = defineCommand({
  name: "serve",
  group: "Results",
  summary: "rank thumbnails over HTTP, with a page to try it",
  settings: { service: ServeSettings, encoders: ServeEncoderSettings, common: HomeSettings },
  examples: ["", "--port 9000 --model thumbnail_ranking_model@2", "--host 0.0.0.0 --rate-limit 600"],
  notes:
    "Others than this machine can only reach it with --host, which needs tokens in THUMBRANK_TOKENS. SIGHUP looks for another current version of the model; SIGTERM ends the service when what is in flight is done.",
  async run({ service: settings, encoders: { modelDir }, common }) {
    const { startService } = await import("../serving");
    const { default: closeWithGrace } = await import("close-with-grace");
    const service = await startService({
      settings,
      paths: resolvePaths(common.dataDir),
      encoders: { announce: say, ...(modelDir !== undefined && { modelDir }) },
      tokens: process.env.THUMBRANK_TOKENS,
      report: say,
    });
    say(`listening on ${service.address}`, `page: ${service.address}/`, `routes: ${service.address}/docs`);
    process.on("SIGHUP", () => void service.reload());
    const delay = settings.graceSeconds * 1000;
    closeWithGrace({ delay, logger: false, skip: ["SIGHUP", "uncaughtException", "unhandledRejection"] }, async () => {
      say("finishing what is in flight");
      await service.close();
    });
  },
});
