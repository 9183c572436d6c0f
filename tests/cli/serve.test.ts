import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportModel } from "../../lib/deployment";
import { trainedModel } from "../deployment/trained";
import { run, start } from "./thumbrank";

let home = "";

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "serve-"));
  await exportModel(join(home, "models"), await trainedModel());
});
afterAll(() => rm(home, { recursive: true }));

test("serve listens, looks for another version on SIGHUP, and ends in peace on SIGTERM", async () => {
  const { child, outcome } = start(["serve", "--data-dir", home, "--model", "first", "--port", "0"]);
  let said = "";
  const hears = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = pattern.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stderr?.on("data", (chunk: Buffer) => {
        said += chunk;
        look();
      });
    });
  const address = await hears(/listening on (\S+)/);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  await exportModel(join(home, "models"), await trainedModel({ calibration: { slope: 9, pairs: 100 } }));
  const swapped = hears(/version (2) is in use/);
  child.kill("SIGHUP");
  await swapped;
  child.kill("SIGTERM");
  const { code, stdout, stderr } = await outcome;
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toContain("finishing what is in flight");
});

test.each([
  ["--host without tokens", ["--model", "first", "--host", "0.0.0.0"], "", "SERVE_TOKENS_REQUIRED"],
  ["a short token", ["--model", "first"], "short", "SERVE_TOKENS_INVALID"],
  ["a model that there is not", ["--model", "second"], "", "MODEL_MISSING"],
])("%s ends the command with a code", async (_, flags, tokens, code) => {
  const args = ["serve", "--data-dir", home, "--port", "0", ...flags];
  const { code: exit, stderr } = await run(args, { THUMBRANK_TOKENS: tokens });
  expect([exit, stderr]).toEqual([1, expect.stringContaining(code)]);
});
