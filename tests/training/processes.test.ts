import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { hasTensorFlow } from "../engine/available";
import { root } from "../house/files";

const PROGRAM = join(__dirname, "programs", "digest-training.ts");
const LOADER = pathToFileURL(require.resolve("tsx")).href;

/** Weights, moments and average (SHA-256 of each), progress and trained model after a training in a process of its own. */
async function digestOf(backend: string, place: string, seed: number, cwd = root): Promise<Record<string, unknown>> {
  const args = ["--import", LOADER, PROGRAM, backend, place, String(seed)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  return JSON.parse(stdout) as Record<string, unknown>;
}

const PARTS = ["weights", "adamM", "adamV", "swa", "progress", "trained"];

describe.skipIf(!hasTensorFlow)("one seed gives the same bytes on tensorflow (needs its library)", () => {
  let quiet: Record<string, unknown> = {};
  beforeAll(async () => {
    quiet = await digestOf("tensorflow", "quiet", 3);
  });

  test("in another process, in another folder, beside a busy thread", async () => {
    expect(Object.keys(quiet)).toEqual(PARTS);
    expect(await digestOf("tensorflow", "busy", 3, tmpdir())).toEqual(quiet);
  });

  // Threads within an operation are another matter: three of them add up the gradient norm in another order.
  test("with any number of operations at a time", async () => {
    expect(await digestOf("tensorflow", "parallel", 3)).toEqual(quiet);
  });

  test("in a worker thread", async () => {
    expect(await digestOf("tensorflow", "worker", 3)).toEqual(quiet);
  });

  test("and another seed gives others", async () => {
    const other = await digestOf("tensorflow", "quiet", 4);
    for (const part of PARTS) expect(other[part], part).not.toEqual(quiet[part]);
  });
});

test("one seed gives the same bytes on wasm in another process, in another folder", async () => {
  const first = await digestOf("wasm", "quiet", 3);
  const second = await digestOf("wasm", "quiet", 3, tmpdir());
  expect(Object.keys(first)).toEqual(PARTS);
  expect(second).toEqual(first);
});
