import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { SetupFailed } from "./failure.mjs";
import { emptyAside, putInPlace, readJson } from "./files.mjs";
import { root } from "./places.mjs";

/** The major version that runs everything. */
export const nodeMajor = 22;

// A lock file of its own pins the content of Node's npm package for each machine.
const recipe = join(root, "scripts", "setup", "node22");

function packageFor(machine) {
  const entries = Object.entries(readJson(join(recipe, "package-lock.json")).packages);
  const found = entries.find(([, { os, cpu }]) => machine === `${os}-${cpu}`);
  return found && { path: found[0], version: found[1].version };
}

function installedNode({ cache, machine }) {
  const wanted = packageFor(machine);
  return wanted && join(cache, "node", wanted.version, "bin", "node");
}

/** The Node that runs everything: the one that runs this, or the one in the cache; undefined before set-up. */
export function findNode(places) {
  if (places.nodeMajor === nodeMajor) return process.execPath;
  const path = installedNode(places);
  return path !== undefined && existsSync(path) ? path : undefined;
}

async function download({ cache, machine, environment }) {
  const { path, version } = packageFor(machine);
  const target = join(cache, "node", version);
  const aside = emptyAside(target);
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(recipe, name), join(aside, name));
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: aside,
    environment,
  });
  // An optional package that cannot be had is no error to npm.
  const said = await run(join(aside, path, "bin", "node"), ["--version"]);
  putInPlace(join(aside, path), target);
  rmSync(aside, { recursive: true });
  return said.trim();
}

/** Node 22, from npm into the user's cache, where another Node runs this. */
export const node22 = {
  name: `Node ${nodeMajor}`,

  check(places) {
    const found = findNode(places);
    if (found === undefined) return undefined;
    return found === process.execPath ? `v${process.versions.node}` : found;
  },

  plan: (places) =>
    `this is Node ${process.versions.node}, fetching ${packageFor(places.machine)?.version ?? nodeMajor}`,

  async run(places) {
    try {
      if (packageFor(places.machine) === undefined) throw new Error(`npm has none for ${places.machine}`);
      return await download(places);
    } catch (error) {
      throw new SetupFailed("SETUP_NODE_FAILED", {
        what: `Node ${nodeMajor} could not be fetched: ${error.message}`,
        next: `check the connection to the npm registry, or install Node ${nodeMajor} yourself, then npm run setup`,
      });
    }
  },
};
