import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { families } from "../../../lib/engine/kernels";
import { hasTensorFlow } from "../available";
import { expectedFailures } from "./expected-failures";
import type { Outcome } from "./outcome";
import { isCounted, tally } from "./tally";

/** Runs them in a process of its own, which makes jasmine's functions global. */
async function runSpecs(): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "tfjs-core-"));
  const file = join(folder, "outcomes.json");
  try {
    await promisify(execFile)(process.execPath, ["--import", "tsx", join(__dirname, "run.ts"), file]);
    return JSON.parse(readFileSync(file, "utf8")) as Outcome[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!hasTensorFlow)("tfjs-core's own tests, compiled (needs TensorFlow's library)", () => {
  const listed = Object.values(expectedFailures).flat();
  let outcomes: Outcome[];
  let counted: Outcome[];

  beforeAll(async () => {
    outcomes = await runSpecs();
    counted = outcomes.filter(isCounted);
  }, 300_000);

  test("there are as many as ever", () => {
    expect(outcomes.length).toBeGreaterThan(4000);
    expect(counted.length).toBeGreaterThan(2500);
  });

  test("those that fail are listed with a reason, and those listed fail", () => {
    const failed = counted.filter(({ status }) => status === "failed");
    const unlisted = failed.filter(({ name }) => !listed.includes(name));
    expect(unlisted.map(({ name, messages }) => `${name}: ${messages}`)).toEqual([]);
    expect(listed.filter((name) => !failed.some((outcome) => outcome.name === name))).toEqual([]);
  });

  test("at least 97 of 100 pass", () => {
    const passed = counted.filter(({ status }) => status === "passed");
    const names = Object.entries(families).map(([family, table]) => [family, Object.keys(table)] as const);
    console.table(tally(outcomes, Object.fromEntries(names)));
    console.log(`${passed.length} of ${counted.length} tests for kernels that can be compiled pass`);
    expect(passed.length / counted.length).toBeGreaterThan(0.97);
  });
});
