import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommandFailed, run } from "./setup/command.mjs";
import { root } from "./setup/places.mjs";

const sources = ["lib", "tests", "bench"].filter((folder) => existsSync(join(root, folder)));

/** What is checked beside the tests: a program out of node_modules, and the files it looks at. */
export const checks = [
  { name: "types", program: "tsc", args: ["-p", "."] },
  { name: "format and lint", program: "biome", args: ["ci", "--error-on-warnings", "--colors=off"] },
  { name: "dependencies", program: "depcruise", args: ["--output-type", "err", ...sources] },
];

/**
 * Runs all checks, each to its end.
 * @returns how many passed and failed; what a failed one found is on stderr
 */
export async function runChecks() {
  const counts = { passed: 0, failed: 0 };
  for (const { name, program, args } of checks) {
    const failure = await run(join(root, "node_modules", ".bin", program), args, { cwd: root }).then(
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
