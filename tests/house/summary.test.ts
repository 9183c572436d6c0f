import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./files";

interface Summary {
  passed: number;
  failed: number;
  skipped: string[];
}

/** What the reporter counts in a project with these test files. */
function reported(files: Record<string, string>): { code: number | null; summary: Summary } {
  const folder = mkdtempSync(join(tmpdir(), "thumbrank-summary-"));
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const file = join(folder, "summary.json");
    const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder];
    const ended = spawnSync(process.execPath, [...args, `--reporter=${join(root, "scripts/summary-reporter.mjs")}`], {
      cwd: folder,
      env: { ...process.env, THUMBRANK_TEST_SUMMARY: file },
    });
    return { code: ended.status, summary: JSON.parse(readFileSync(file, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const head = `import { expect, test } from "vitest";\n`;

test("tests are counted by how they ended; a file that cannot be loaded is a failure", () => {
  const { code, summary } = reported({
    "mixed.test.ts": `${head}test("good", () => {});\ntest("bad", () => expect(1).toBe(2));\ntest.skipIf(true)("absent (needs x)", () => {});`,
    "broken.test.ts": `${head}throw new Error("no");`,
  });
  expect(summary).toEqual({ passed: 1, failed: 2, skipped: ["absent (needs x)"] });
  expect(code).not.toBe(0);
});

test("the last line adds checks and tests, and never hides that Vitest itself failed", async () => {
  const { countTests, lineOf } = await import(join(root, "scripts", "summary.mjs"));
  const tests = { passed: 5, failed: 0, skipped: ["one"] };
  expect(lineOf(countTests({ passed: 3, failed: 0 }, tests, 0))).toBe("8 passed, 0 failed, 1 skipped");
  expect(lineOf(countTests({ passed: 2, failed: 1 }, tests, 0))).toBe("7 passed, 1 failed, 1 skipped");
  expect(countTests({ passed: 3, failed: 0 }, tests, 1).failed).toBe(1);
  expect(countTests({ passed: 3, failed: 0 }, undefined, 1).failed).toBe(1);
});
