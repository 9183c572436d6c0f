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

  test("trains in worker threads too, at the same time, to the same bits as alone", async () => {
    const { alone, together } = JSON.parse(await run("workers")) as { alone: string; together: string[] };
    expect(alone).toMatch(/^[0-9a-f]{64}$/);
    expect(together).toEqual([alone, alone, alone]);
  });

  test("gets all memory back from engines that are disposed of", async () => {
    const { grownBytes, tensors } = JSON.parse(await run("reopen")) as { grownBytes: number; tensors: number };
    expect(tensors).toBe(0);
    expect(grownBytes).toBeLessThan(150e6);
  });
});
