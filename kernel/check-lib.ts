import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LibDoesNotCompile } from "./errors";
import { type LibModules, sourcesBelow } from "./modules";
import { files } from "./typescript";

/** Errors that are shown of a `lib` with more of them. */
const SHOWN = 5;
/** States of `lib` that are remembered, so that going back to one costs nothing. */
const KEPT = 8;

/** What is remembered of a state of `lib` that compiles. */
const Compiled = z.object({
  /** The compiler's build info, from which it goes on when little has changed. */
  buildInfo: z.string(),
  /** The declarations of each source file, by its path relative to the project. */
  declarations: z.record(z.string(), z.string()),
});
type Compiled = z.infer<typeof Compiled>;

/**
 * Checks `lib` with the project's own, newest compiler and remembers the verdict until a source changes. Cells are
 * compiled with the declarations that it writes, which import far less than the sources do.
 */
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
      this.#verdict = this.#check();
    }
    const errors = await this.#verdict;
    if (errors.length > 0) throw new LibDoesNotCompile(errors);
  }

  async #check(): Promise<string[]> {
    const result = await compileLib(this.root);
    if (Array.isArray(result)) return result;
    files.replace(new Map(Object.entries(result.declarations).map(([path, text]) => [join(this.root, path), text])));
    return [];
  }
}

/**
 * The declarations of lib, from the cache if nothing changed since they were made.
 * @returns its first type errors if it has any, as `lib/x.ts(1,14): error TS2322: ...`
 */
async function compileLib(root: string): Promise<Compiled | string[]> {
  const cache = join(root, "node_modules", ".cache", "thumbrank");
  mkdirSync(cache, { recursive: true });
  const key = keyOf(root);
  const known = read(join(cache, fileOf(key)));
  if (known !== undefined) return known;

  const folder = mkdtempSync(join(cache, "compiling-"));
  try {
    const [latest] = statesIn(cache);
    const before = latest === undefined ? undefined : read(latest);
    const buildInfo = join(folder, "tsbuildinfo");
    if (before !== undefined) writeFileSync(buildInfo, before.buildInfo);
    const { code, printed } = await compile(root, folder, buildInfo);
    if (code !== 0) return errorsIn(printed);
    const declarations = { ...before?.declarations, ...emittedIn(join(folder, "types")) };
    const compiled = { buildInfo: readFileSync(buildInfo, "utf8"), declarations: ofSources(root, declarations) };
    // A source that was written while the compiler read it belongs to a state that we do not know.
    if (keyOf(root) === key) keep(cache, key, compiled, folder);
    return compiled;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Changes with whatever the compiler's verdict depends on: sources, options, packages. */
function keyOf(root: string): string {
  const hash = createHash("sha256");
  const others = ["tsconfig.json", join("kernel", "tsconfig.lib.json"), join("node_modules", ".package-lock.json")];
  for (const path of [...sourcesBelow(join(root, "lib")), ...others.map((name) => join(root, name))]) {
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex");
}

const fileOf = (key: string) => `lib-${key.slice(0, 32)}.json`;

/** What is remembered in a file, which counts as used now; undefined where there is none, or half of one. */
function read(path: string): Compiled | undefined {
  try {
    const compiled = Compiled.parse(JSON.parse(readFileSync(path, "utf8")));
    utimesSync(path, new Date(), new Date());
    return compiled;
  } catch {
    return undefined;
  }
}

/** The files of remembered states, the last used first. */
function statesIn(cache: string): string[] {
  const paths = readdirSync(cache).filter((name) => /^lib-\w+\.json$/.test(name));
  const changedAtMs = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return paths.map((name) => join(cache, name)).sort((one, other) => changedAtMs(other) - changedAtMs(one));
}

/** Runs the compiler in its own process group: an interrupt of the cell must not reach it. */
function compile(root: string, folder: string, buildInfo: string): Promise<{ code: number | null; printed: string }> {
  const compiler = join(root, "node_modules", "@typescript", "native", "bin", "tsc");
  const project = ["-p", join(root, "kernel", "tsconfig.lib.json"), "--pretty", "false"];
  const written = ["--outDir", join(folder, "types"), "--tsBuildInfoFile", buildInfo];
  const child = spawn(process.execPath, [compiler, ...project, ...written], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const end = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
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

/** What the compiler wrote, by the path of the source file relative to the project. */
function emittedIn(folder: string): Record<string, string> {
  const names = sourcesBelow(folder).map((path) => path.slice(folder.length + 1));
  return Object.fromEntries(
    names.map((name) => [name.replace(/\.d\.ts$/, ".ts"), withoutBuffers(readFileSync(join(folder, name), "utf8"))]),
  );
}

/** The compiler of cells is older than typed arrays' type parameter. */
const withoutBuffers = (text: string) =>
  text.replaceAll(/\b(\w+Array|ArrayBufferView|Buffer)<ArrayBuffer(?:Like)?>/g, "$1");

/** Leaves out files that are gone. */
function ofSources(root: string, declarations: Record<string, string>): Record<string, string> {
  const names = sourcesBelow(join(root, "lib")).map((path) => path.slice(root.length + 1));
  return Object.fromEntries(names.flatMap((name) => (name in declarations ? [[name, declarations[name] ?? ""]] : [])));
}

/** Remembers a state, and forgets those not used for longest. @param folder on the same disk, for the file while it is written */
function keep(cache: string, key: string, compiled: Compiled, folder: string): void {
  const path = join(folder, "compiled.json");
  writeFileSync(path, JSON.stringify(compiled));
  renameSync(path, join(cache, fileOf(key)));
  for (const old of statesIn(cache).slice(KEPT)) rmSync(old, { force: true });
}
