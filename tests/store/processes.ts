import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A program of ours in a process of its own. */
export interface Program {
  process: ChildProcessByStdio<Writable, Readable, null>;
  lines: AsyncIterator<string>;
  /** Resolves to the exit code; null where it was killed. */
  ended: Promise<number | null>;
}

/** Starts a TypeScript file of `programs/`. */
export function start(program: string, ...parameters: string[]): Program {
  return startIn({}, program, ...parameters);
}

/** The same, with these variables beside our own. */
export function startIn(environment: Record<string, string>, program: string, ...parameters: string[]): Program {
  const tsx = join(__dirname, "../../node_modules/tsx/dist/cli.mjs");
  const file = join(__dirname, "programs", program);
  // `--import` keeps it to one process, so that a kill hits the program itself.
  const started = spawn(process.execPath, ["--import", tsx.replace("cli.mjs", "loader.mjs"), file, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(started, "exit").then(([code]: (number | null)[]) => code ?? null);
  return { process: started, lines: createInterface({ input: started.stdout })[Symbol.asyncIterator](), ended };
}

export async function nextLine(program: Program): Promise<string | null> {
  const { done, value } = await program.lines.next();
  return done ? null : value;
}

export async function kill(program: Program): Promise<void> {
  program.process.kill("SIGKILL");
  await program.ended;
}
