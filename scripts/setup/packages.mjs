import { join } from "node:path";
import { run } from "./command.mjs";
import { SetupFailed } from "./failure.mjs";
import { readJson } from "./files.mjs";

const wanted = (project) => readJson(join(project, "package-lock.json"))?.packages ?? {};
// npm writes this file last, as the record of what lies in node_modules.
const installed = (project) => readJson(join(project, "node_modules", ".package-lock.json"))?.packages;

function agrees([path, entry], found) {
  return path === "" || found[path]?.version === entry.version || (entry.optional && found[path] === undefined);
}

/** node_modules as the lock file has it. No install script runs. */
export const packages = {
  name: "npm packages",

  check({ project }) {
    const found = installed(project);
    if (found === undefined) return undefined;
    const lock = wanted(project);
    const same =
      Object.entries(lock).every((entry) => agrees(entry, found)) && Object.keys(found).every((path) => path in lock);
    return same ? `${Object.keys(found).length} packages` : undefined;
  },

  plan: () => "installing what the lock file names",

  async run({ project, environment }) {
    const quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
    try {
      await run("npm", ["ci", "--ignore-scripts", ...quiet], { cwd: project, environment });
    } catch (error) {
      throw new SetupFailed("SETUP_PACKAGES_FAILED", {
        what: `the npm packages could not be installed: ${error.message}`,
        next: "check the connection to the npm registry (npm ping), then npm run setup",
      });
    }
    return `${Object.keys(installed(project) ?? {}).length} packages`;
  },
};
