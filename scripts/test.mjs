// npm test [-- [--changed[=COMMIT]] VITEST ARGUMENTS]: the checks, then the tests; the last line counts both.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedSince, startOfBranch, testsBeyondImports } from "./changed.mjs";
import { runChecks } from "./checks.mjs";
import { run } from "./setup/command.mjs";
import { readJson } from "./setup/files.mjs";
import { placesOf, root } from "./setup/places.mjs";
import { setUp } from "./setup/set-up.mjs";
import { testEnvironment } from "./setup/test-environment.mjs";
import { countTests, lineOf } from "./summary.mjs";

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const reporter = join(root, "scripts", "summary-reporter.mjs");

/** Runs Vitest, which reports as ever, and keeps what it found in a file for the counts. */
function runTests(args, file) {
  const reporters = ["--reporter=default", `--reporter=${reporter}`];
  const child = spawn(process.execPath, [vitest, "run", ...reporters, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, THUMBRANK_TEST_SUMMARY: file },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Vitest's filters for the tests of what changed since a commit: those that import it, and those that reach it otherwise. */
async function testsOfChange(commit) {
  const listed = await run(process.execPath, [vitest, "list", "--filesOnly", "--changed", commit], { cwd: root });
  const importing = listed.split("\n").filter((line) => line.endsWith(".test.ts"));
  return [...importing, ...testsBeyondImports(changedSince(commit, root))];
}

const given = process.argv.slice(2);
const changed = given.find((arg) => /^--changed(=|$)/.test(arg));
const others = given.filter((arg) => arg !== changed);
const folder = mkdtempSync(join(tmpdir(), "thumbrank-test-"));
await setUp(placesOf(), undefined, [testEnvironment]);
const checked = await runChecks();
const chosen = changed && (await testsOfChange(changed.split("=")[1] || startOfBranch(root)));
// Without a filter Vitest would run all.
const code = chosen?.length === 0 ? 0 : await runTests([...(chosen ?? []), ...others], join(folder, "summary.json"));
const counts = countTests(checked, readJson(join(folder, "summary.json")), code);
rmSync(folder, { recursive: true });

for (const name of counts.skippedNames) process.stdout.write(`skipped: ${name}\n`);
process.stdout.write(`${lineOf(counts)}\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;
