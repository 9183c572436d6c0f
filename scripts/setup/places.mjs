import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Where what is shared by all clones of one user lies: Node 22 and TensorFlow's library.
 * lib/engine looks there too.
 */
export function cacheFolder(environment = process.env, platform = process.platform) {
  const standard = platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
  return join(environment.XDG_CACHE_HOME || standard, "thumbrank");
}

/** What the steps of a set-up share; tests give other folders. */
export function placesOf({ project = root, environment = process.env } = {}) {
  return {
    project,
    environment,
    cache: cacheFolder(environment),
    machine: `${process.platform}-${process.arch}`,
    nodeMajor: Number(process.versions.node.split(".")[0]),
  };
}
