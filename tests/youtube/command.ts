import { join } from "node:path";
import { type Outcome, type Running, start } from "../cli/thumbrank";
import type { GoogleStandIn } from "../google/start";

export interface CommandOptions {
  google: GoogleStandIn;
  home: string;
  key: string;
  /** What the command's clock begins at. */
  now: string;
}

/** Starts `thumbrank collect` as its users do, but with a clock and a server of the tests'. */
export function startCollect(args: string[], { google, home, key, now }: CommandOptions): Running {
  return start(["collect", ...args, "--data-dir", home], {
    YOUTUBE_API_KEY: key,
    YOUTUBE_ROOT_URL: google.rootUrl,
    NODE_EXTRA_CA_CERTS: google.caFile,
    NODE_OPTIONS: `--require ${join(__dirname, "programs", "clock.cjs")}`,
    THUMBRANK_TEST_NOW: now,
  });
}

export function runCollect(args: string[], options: CommandOptions): Promise<Outcome> {
  return startCollect(args, options).outcome;
}
