import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isExpected, tableOf } from "../../bench/exits/endings";
import { hasTensorFlow } from "../engine/available";
import { root } from "../house/files";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "long-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  code: number | null;
  output: string;
  report: { passed: boolean; failures: string[]; [fact: string]: unknown };
}

/** Runs `npm run bench NAME` with options and `--json`. */
async function bench(name: string, ...options: string[]): Promise<Ran> {
  const file = join(folder, `${name}-${options.length}.json`);
  const args = [join(root, "scripts", "bench.mjs"), name, ...options, "--json", file];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      output += piece;
    });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output, report: JSON.parse(await readFile(file, "utf8")) as Ran["report"] };
}

describe.skipIf(!hasTensorFlow)("the long checks, in small (need TensorFlow's library)", () => {
  test("soak says how memory changed", async () => {
    const options = ["--steps", "800", "--warm", "500", "--every", "10", "--batch", "4", "--allow", "1000"];
    const { code, output, report } = await bench("soak", ...options);
    expect(report.failures.filter((failure) => !failure.startsWith("JavaScript's heap"))).toEqual([]);
    expect(code).toBe(report.passed ? 0 : 1);
    expect(report.samples).toHaveLength(80);
    expect(output).toMatch(/resident memory changes by -?[\d.]+ \+- [\d.]+ MB per 10,000 steps/);
  });

  test("exits sees each way of ending end as it should", async () => {
    const { code, report } = await bench("exits", "--processes", "6");
    expect([code, report.failures]).toEqual([0, []]);
    expect(report.exits).toHaveLength(6);
  });

  test("production extrapolates, and fails where it takes too long", async () => {
    const size = ["--videos", "300", "--pairs", "320", "--run-epochs", "2", "--epochs", "50"];
    const { code, output, report } = await bench("production", ...size, "--hours", "0.000001");
    expect(code).toBe(1);
    expect(report.failures.join()).toMatch(/h are not under 0.000001 h/);
    expect(output).toMatch(/measured over 40 steps, 2 epochs, \d+ checkpoints/);
    expect(report.steps).toBe(40);
  });
});

test("an exit with a signal or another code is none that was expected", () => {
  const exit = { ending: "exits in a run", code: 7, signal: null, said: "" } as const;
  expect(isExpected(exit)).toBe(true);
  expect(isExpected({ ...exit, code: 0 })).toBe(false);
  expect(isExpected({ ...exit, code: null, signal: "SIGSEGV" })).toBe(false);
  const table = tableOf([exit, { ...exit, code: null, signal: "SIGSEGV" }]);
  expect(table.find((line) => line.includes("exits in a run"))).toMatch(/2 as expected 1, else SIGSEGV/);
});
