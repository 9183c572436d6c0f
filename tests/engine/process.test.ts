import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { hasTensorFlow } from "./available";

/** Runs a program of tests/engine/programs in a process of its own; rejects unless it exits with 0. */
async function run(name: string, ...values: string[]): Promise<string> {
  const program = join(__dirname, "programs", `${name}.ts`);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program, ...values]);
  return stdout.trim();
}

describe.skipIf(!hasTensorFlow)("a process (needs TensorFlow's library)", () => {
  test("trains to the same bits as another, 50 steps", async () => {
    const [first, second] = await Promise.all([run("train", "50"), run("train", "50")]);
    expect(JSON.parse(first).hash).toBe(JSON.parse(second).hash);
    expect(JSON.parse(await run("train", "51")).hash).not.toBe(JSON.parse(first).hash);
  });

  test("keeps its memory over 2,000 steps", async () => {
    const { grownBytes } = JSON.parse(await run("train", "2000")) as { grownBytes: number };
    expect(grownBytes).toBeLessThan(40e6);
  });

  test.each(["fall off", "dispose", "exit", "exit in a run"])("exits with 0: %s", async (ending) => {
    await expect(run("short", ending)).resolves.toBe("");
  });

  test("may open engines in worker threads", async () => {
    expect(JSON.parse(await run("workers"))).toEqual([49, 49, 49]);
  });
});
