import { type ChildProcessByStdio, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

const project = resolve(__dirname, "../..");
/** A busy machine takes its time; a kernel that never answers is found all the same. */
const ANSWER_MS = 90_000;
const CLOSE_MS = 20_000;
const environment = process.env.CONDA_PREFIX ?? join(project, ".venv");

/** One message of a cell, with the fields of its content. */
export interface Output {
  kind: string;
  name?: string;
  text?: string;
  data?: Record<string, unknown>;
  transient?: { display_id?: string };
  ename?: string;
  evalue?: string;
  traceback?: string[];
  execution_count?: number;
}

export interface Execution {
  outputs: Output[];
  reply: { status: string; execution_count?: number };
}

export interface TestKernel {
  info: Record<string, unknown>;
  execute(code: string, interruptAfterMs?: number): Promise<Execution>;
  /** While no cell runs. */
  interrupt(): Promise<void>;
  /** Sends all at once. @returns the status of each reply */
  queue(codes: string[]): Promise<string[]>;
  complete(code: string, position: number): Promise<{ matches: string[] }>;
  inspect(code: string, position: number): Promise<{ found: boolean; data: Record<string, string> }>;
  close(): Promise<void>;
}

/** Starts the kernel of a project folder by Jupyter's own client. */
export async function startKernel(root = project, variables: NodeJS.ProcessEnv = {}): Promise<TestKernel> {
  const folder = mkdtempSync(join(tmpdir(), "thumbrank-kernelspec-"));
  writeKernelspec(folder, root);
  const child = spawn(join(environment, "bin", "python"), [join(__dirname, "drive.py"), "under-test"], {
    env: { ...process.env, ...variables, JUPYTER_PATH: folder },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = answersOf(child);
  const ask = async (request: object) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse(await answers(JSON.stringify(request)));
  };
  const { info } = JSON.parse(await answers("start"));
  return {
    info,
    execute: (code, interruptAfterMs) => ask({ do: "execute", code, interrupt_after_ms: interruptAfterMs ?? null }),
    interrupt: () => ask({ do: "interrupt" }),
    queue: (codes) => ask({ do: "queue", codes }),
    complete: (code, position) => ask({ do: "complete", code, position }),
    inspect: (code, position) => ask({ do: "inspect", code, position }),
    close: async () => {
      const ended = new Promise((done) => child.once("exit", done));
      const killed = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await ended;
      clearTimeout(killed);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lines of a process in their order, each to be asked for; an answer that does not come names its request. */
function answersOf(child: ChildProcessByStdio<Writable, Readable, null>): (request: string) => Promise<string> {
  const arrived: string[] = [];
  let wake: () => void = () => {};
  createInterface(child.stdout).on("line", (line) => {
    arrived.push(line);
    wake();
  });
  return (request) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer to ${request}`)), ANSWER_MS);
      wake = () => {
        const line = arrived.shift();
        if (line === undefined) return;
        clearTimeout(late);
        resolve(line);
      };
      wake();
    });
}

function writeKernelspec(folder: string, root: string): void {
  const spec = join(folder, "kernels", "under-test");
  mkdirSync(spec, { recursive: true });
  const argv = [process.execPath, join(root, "kernel", "launch.mjs"), "{connection_file}"];
  writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv, display_name: "test", language: "typescript" }));
}

/** A copy of what a kernel runs, to be edited; packages are shared. */
export function projectCopy(): string {
  const root = mkdtempSync(join(tmpdir(), "thumbrank-project-"));
  for (const name of ["lib", "supabase", "kernel", "scripts", "tsconfig.json", "package.json"]) {
    cpSync(join(project, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(project, "node_modules"), join(root, "node_modules"));
  return root;
}

/** The error that a cell ended with. */
export const errorOf = ({ outputs }: Execution): Output | undefined => outputs.find(({ kind }) => kind === "error");
/** What a cell's last expression showed. */
export const resultOf = ({ outputs }: Execution): unknown =>
  outputs.find(({ kind }) => kind === "execute_result")?.data?.["text/plain"];
