import { existsSync } from "node:fs";
import { join } from "node:path";
import { program } from "./programs.mjs";
import { CommandFailed, run } from "./setup/command.mjs";
import { root } from "./setup/places.mjs";

const sources = ["lib", "kernel", "tests", "bench"].filter((folder) => existsSync(join(root, folder)));

const script = (path) => [process.execPath, join(root, "scripts", path)];

/** What is checked beside the tests: commands that end with 0 where all is well. */
export const checks = [
  { name: "types", command: [program("tsc"), "-p", "."] },
  { name: "types of the page", command: [program("tsc"), "-p", "lib/serving/page"] },
  { name: "format and lint", command: [program("biome"), "ci", "--error-on-warnings", "--colors=off"] },
  { name: "dependencies", command: [program("depcruise"), "--output-type", "err", ...sources] },
  { name: "notebooks stripped", command: [...script("notebooks/strip.mjs"), "--check"] },
  { name: "notebook cells", command: script("notebooks/check-cells.mjs") },
];

/**
 * Runs all checks at once, each to its end.
 * @returns how many passed and failed; what a failed one found is on stderr
 */
export async function runChecks() {
  const passed = await Promise.all(checks.map(passes));
  return { passed: passed.filter(Boolean).length, failed: passed.filter((one) => !one).length };
}

async function passes({ name, command: [file, ...args] }) {
  try {
    await run(file, args, { cwd: root });
    process.stderr.write(`${name}: passed\n`);
    return true;
  } catch (failure) {
    if (!(failure instanceof CommandFailed)) throw failure;
    process.stderr.write(`${name}: FAILED\n${failure.output}\n`);
    return false;
  }
}
