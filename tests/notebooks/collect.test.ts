import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { hasPapermill, papermillRun } from "./executed";
import { temporaryFolder } from "./plant";

const home = temporaryFolder();
const results = temporaryFolder();
const key = "planted-notebook-key";
const needed = hasPapermill ? "" : " (needs .venv/bin/papermill)";
const options = { timeout: 600_000 };
const parameters = { profile: "full", channelsWanted: "12", perChannel: "6" };

let google: GoogleStandIn;
beforeAll(async () => {
  google = await startGoogle({ apiKeys: [{ key, project: "1" }] });
});
afterAll(() => google?.stop());

test.skipIf(!hasPapermill)(`01 collects from YouTube where there is a key${needed}`, options, async () => {
  const environment = {
    YOUTUBE_API_KEY: key,
    YOUTUBE_ROOT_URL: google.rootUrl,
    NODE_EXTRA_CA_CERTS: google.caFile,
  };
  const out = join(results, "collected.ipynb");
  const outputs = await papermillRun("01_collect.ipynb", out, home, { parameters, environment });
  const said = JSON.stringify(outputs);
  expect(said).toContain("Way in: youtube");
  expect(said).toContain("What arrived");
  expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
  const calls = await google.log();
  expect(calls.length).toBeGreaterThan(12);
  // What it said, and the notebook as a whole: inputs and metadata too.
  expect(readFileSync(out, "utf8")).not.toContain(key);
});
