import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LibDoesNotCompile } from "./errors";
import type { LibModules } from "./modules";

const SHOWN = 5;

/** Checks `lib` with the project's own, newest compiler and remembers the verdict until a source changes. */
export class LibCheck {
  #checked = "";
  #verdict: Promise<string[]> = Promise.resolve([]);

  constructor(
    private readonly root: string,
    private readonly modules: LibModules,
  ) {}

  /** Starts the compiler in a separate process if sources have changed. @throws LibDoesNotCompile */
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
  const known = join(cache, `${name}.tsbuildinfo`);
  const own = join(cache, `${name}.${process.pid}.tsbuildinfo`);
  mkdirSync(cache, { recursive: true });
  // The build info of the last check makes this one fast; each kernel works on its own copy.
  if (existsSync(known)) copyFileSync(known, own);
  const compiler = join(root, "node_modules", "@typescript", "native", "bin", "tsc");
  const project = ["-p", join(root, "kernel", "tsconfig.lib.json"), "--pretty", "false"];
  const { code, printed } = await compile(root, [compiler, ...project, "--tsBuildInfoFile", own]);
  if (code === 0 && existsSync(own)) renameSync(own, known);
  rmSync(own, { force: true });
  return code === 0 ? [] : errorsIn(printed);
}

/** Runs the compiler in its own process group: an interrupt of the cell must not reach it. */
function compile(root: string, args: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, args, { cwd: root, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const end = () => child.kill();
  process.once("exit", end);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.removeListener("exit", end);
      resolve({ code, printed });
    });
  });
}

function errorsIn(printed: string): string[] {
  const lines = printed.split("\n").filter((line) => line.includes("error TS"));
  if (lines.length === 0) return [`the compiler ended without a verdict: ${printed}`];
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`... and ${more} more`] : [])];
}
