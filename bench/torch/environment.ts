import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../lib/engine";

const REQUIREMENTS = join(__dirname, "requirements.txt");
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python"];

/** The user's cache folder of this project, in which TensorFlow's library lies too. */
export const benchCache = join(dirname(dirname(cacheFolder("cpu"))), "bench");

/**
 * The Python of an environment that holds PyTorch and nothing of ours: in the user's cache, made where it is not there,
 * from the hashes that requirements.txt pins.
 * @param tell takes what is about to happen
 */
export function torchPython(tell: (message: string) => void): string {
  const folder = join(benchCache, "torch");
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "thumbrank.txt");
  const wanted = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  tell(`installing PyTorch into ${folder}: once, some 3 GB to fetch and 6 GB on the disk`);
  rmSync(folder, { recursive: true, force: true });
  run(findPython(), ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  run(python, ["-m", "pip", "install", ...quiet, "--require-hashes", "-r", REQUIREMENTS]);
  writeFileSync(stamp, wanted);
  return python;
}

/** The first Python on PATH that the pinned packages are made for. */
function findPython(): string {
  const question = "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))";
  const found = PYTHONS.find((name) => spawnSync(name, ["-c", question]).status === 0);
  if (found === undefined) throw new Error("PyTorch needs Python 3.11 to 3.14 on PATH");
  return found;
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${program} ${args.slice(0, 3).join(" ")}: ${error?.message ?? stderr.slice(-2000)}`);
}
