import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../lib/engine";

const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python"];

/** The user's cache folder of this project, in which TensorFlow's library lies too. */
export const benchCache = join(dirname(dirname(cacheFolder("cpu"))), "bench");

/** A Python environment of its own for a bench. */
export interface PinnedEnvironment {
  /** Its folder in `benchCache`. */
  name: string;
  /** Pins every package by its hashes. */
  requirements: string;
  /** What is said before it is made. */
  announcement: string;
}

/**
 * The Python of an environment that holds what its requirements pin and nothing of ours: in the user's cache, made where
 * it is not there.
 * @param tell takes what is about to happen
 */
export function pinnedPython(wanted: PinnedEnvironment, tell: (message: string) => void): string {
  const folder = join(benchCache, wanted.name);
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "thumbrank.txt");
  const hash = createHash("sha256").update(readFileSync(wanted.requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return python;
  tell(`installing ${wanted.announcement} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  run(findPython(), ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  run(python, ["-m", "pip", "install", ...quiet, "--require-hashes", "-r", wanted.requirements]);
  writeFileSync(stamp, hash);
  return python;
}

/** The Python of PyTorch's environment. */
export function torchPython(tell: (message: string) => void): string {
  const announcement = "PyTorch, once, some 3 GB to fetch and 6 GB on the disk,";
  return pinnedPython({ name: "torch", requirements: join(__dirname, "requirements.txt"), announcement }, tell);
}

/** The first Python on PATH that the pinned packages are made for. */
function findPython(): string {
  const question = "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))";
  const found = PYTHONS.find((name) => spawnSync(name, ["-c", question]).status === 0);
  if (found === undefined) throw new Error("the benches need Python 3.11 to 3.14 on PATH");
  return found;
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${program} ${args.slice(0, 3).join(" ")}: ${error?.message ?? stderr.slice(-2000)}`);
}
