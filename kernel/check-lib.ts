import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LibDoesNotCompile } from "./errors";
import type { LibModules } from "./modules";

const run = promisify(execFile);
const SHOWN = 5;

/** Checks `lib` by the project's own compiler, the newest, and remembers the verdict until a source changes. */
export class LibCheck {
  #checked = "";
  #verdict: Promise<string[]> = Promise.resolve([]);

  constructor(
    private readonly root: string,
    private readonly modules: LibModules,
  ) {}

  /** Starts the compiler beside us where sources have changed. @throws LibDoesNotCompile */
  async pass(): Promise<void> {
    const state = this.modules.state();
    if (state !== this.#checked) {
      this.#checked = state;
      this.#verdict = check(this.root);
    }
    const errors = await this.#verdict;
    if (errors.length > 0) throw new LibDoesNotCompile(errors);
  }
}

/** The first type errors of lib, as `lib/x.ts(1,14): error TS2322: ...`. */
async function check(root: string): Promise<string[]> {
  const cache = join(root, "node_modules", ".cache", "thumbrank");
  // Clones may share their packages.
  const name = `lib-${createHash("sha256").update(root).digest("hex").slice(0, 12)}`;
  const [known, own] = [join(cache, `${name}.tsbuildinfo`), join(cache, `${name}.${process.pid}.tsbuildinfo`)];
  mkdirSync(cache, { recursive: true });
  // What the last check learned makes this one quick; each kernel works on a copy of its own.
  if (existsSync(known)) copyFileSync(known, own);
  const compiler = join(root, "node_modules", "@typescript", "native", "bin", "tsc");
  const args = [
    compiler,
    "-p",
    join(root, "kernel", "tsconfig.lib.json"),
    "--tsBuildInfoFile",
    own,
    "--pretty",
    "false",
  ];
  try {
    await run(process.execPath, args, { cwd: root });
    await rename(own, known);
    return [];
  } catch (thrown) {
    await rm(own, { force: true });
    return errorsOf(thrown);
  }
}

function errorsOf(thrown: unknown): string[] {
  const output = typeof thrown === "object" && thrown !== null && "stdout" in thrown ? String(thrown.stdout) : "";
  const lines = output.split("\n").filter((line) => line.includes("error TS"));
  if (lines.length === 0) return [`tsc failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`... and ${more} more`] : [])];
}
