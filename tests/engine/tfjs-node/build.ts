import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findLibrary } from "../../../lib/engine";
import { type TfjsNode, tfjsNodeOn } from "../../../lib/engine/tfjs-node/place";
import { root } from "../../house/files";
import { hasTensorFlow } from "../available";

export const script = join(root, "scripts", "tfjs-node.mjs");

/** tfjs-node built by the real script into a cache of its own. */
export interface Build {
  /** What this machine lacks for it; the rest is then undefined. */
  missing?: string;
  place?: TfjsNode;
  environment?: NodeJS.ProcessEnv;
  remove(): void;
}

/**
 * Builds tfjs-node as `npm run setup:tfjs-node` does. The library is that of the user's cache, and so are sources and
 * headers where they were fetched before; where they were not, fetching them takes a connection.
 */
export function buildTfjsNode(): Build {
  const nothing = (missing: string): Build => ({ missing, remove: () => {} });
  if (!hasTensorFlow) return nothing("TensorFlow's library");
  if (spawnSync("g++", ["--version"]).status !== 0) return nothing("g++");
  const cache = mkdtempSync(join(tmpdir(), "thumbrank-tfjs-node-"));
  const remove = () => rmSync(cache, { recursive: true, force: true });
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    XDG_CACHE_HOME: cache,
    THUMBRANK_TF_DIR: dirname(findLibrary().path),
  };
  const place = tfjsNodeOn(findLibrary(), environment);
  takeWhatWasFetched(place);
  const { status, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: "utf8" });
  if (status === 0) return { place, environment, remove };
  remove();
  if (stderr.includes("SETUP_TFJS_NODE_FETCH_FAILED"))
    return nothing("a connection, or `npm run setup:tfjs-node` before");
  throw new Error(stderr);
}

function takeWhatWasFetched({ folder }: TfjsNode): void {
  const own = tfjsNodeOn(findLibrary()).folder;
  mkdirSync(folder, { recursive: true });
  for (const name of ["node_modules", "headers"])
    if (existsSync(join(own, name))) symlinkSync(join(own, name), join(folder, name));
}

/** Runs a program of tests/engine in a process of its own; throws unless it exits with 0. */
export function runProgram(path: string, environment: NodeJS.ProcessEnv, ...values: string[]): string {
  const program = join(root, "tests", "engine", path);
  const args = ["--import", "tsx", program, ...values];
  return execFileSync(process.execPath, args, { env: environment, encoding: "utf8", stdio: "pipe" }).trim();
}
