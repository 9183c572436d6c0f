import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { random } from "../../lib/base/random";
import type { Order } from "./programs/counting";

/** A worker in a process of its own. */
export interface WorkerProcess {
  process: ChildProcess;
  /** Lines it has printed so far. */
  lines: string[];
  /** Resolves to exit code or signal. */
  ended: Promise<number | NodeJS.Signals | null>;
}

const ROOT = join(__dirname, "..", "..");
const LOADER = join(ROOT, "node_modules/tsx/dist/loader.mjs");
const running = new Set<ChildProcess>();

/** Ends all workers that still run. */
export function killWorkers(): void {
  for (const worker of running) worker.kill("SIGKILL");
}

/** Starts a worker of the counting stage. */
export function countingWorker(order: Order): WorkerProcess {
  return started(["--import", LOADER, join(__dirname, "programs", "counting.ts"), JSON.stringify(order)], {});
}

/** Starts `thumbrank worker` as its users do. */
export function thumbrankWorker(args: string[], environment: Record<string, string>): WorkerProcess {
  return started([join(ROOT, "bin", "thumbrank.mjs"), "worker", ...args], environment);
}

function started(args: string[], environment: Record<string, string>): WorkerProcess {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  const ended = once(child, "exit").then(() => {
    running.delete(child);
    return child.signalCode ?? child.exitCode;
  });
  return { process: child, lines, ended };
}

/** Waits until something is so. */
export async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** How workers are treated. */
export interface Fire {
  workers: number;
  everyMs: number;
  /** Most that are killed. */
  most?: number;
}

/** Keeps so many workers running until a job is over, killing one of them again and again; returns how many were killed. */
export async function underFire<Result>(
  { workers: count, everyMs, most = Number.POSITIVE_INFINITY }: Fire,
  start: () => WorkerProcess,
  job: Promise<Result>,
): Promise<{ result: Result; killed: number }> {
  const workers = Array.from({ length: count }, start);
  const source = random("workers", "under fire");
  let isOver = false;
  let killed = 0;
  const over = job.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const pause = everyMs === Number.POSITIVE_INFINITY ? new Promise(() => {}) : sleep(everyMs);
    await Promise.race([over, pause]);
    if (isOver) break;
    const place = source.integer(count);
    const worker = workers[place] as WorkerProcess;
    // One that has not begun yet has nothing to lose.
    if (worker.lines.length > 0 && killed < most) {
      worker.process.kill("SIGKILL");
      killed++;
      workers[place] = start();
    }
  }
  for (const { process } of workers) process.kill("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  return { result: await over, killed };
}
