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
  { name: "format and lint", command: [program("biome"), "ci", "--error-on-warnings", "--colors=off"] },
  { name: "dependencies", command: [program("depcruise"), "--output-type", "err", ...sources] },
  { name: "notebooks stripped", command: [...script("notebooks/strip.mjs"), "--check"] },
  { name: "notebook cells", command: script("notebooks/check-cells.mjs") },
];

/**
 * Runs all checks, each to its end.
 * @returns how many passed and failed; what a failed one found is on stderr
 */
export async function runChecks() {
  const counts = { passed: 0, failed: 0 };
  for (const { name, command } of checks) {
    const [file, ...args] = command;
    const failure = await run(file, args, { cwd: root }).then(
      () => undefined,
      (error) => error,
    );
    if (failure === undefined) counts.passed++;
    else counts.failed++;
    process.stderr.write(failure === undefined ? `${name}: passed\n` : `${name}: FAILED\n${failure.output}\n`);
    if (failure !== undefined && !(failure instanceof CommandFailed)) throw failure;
  }
  return counts;
}
