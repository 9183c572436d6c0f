import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Outcome } from "./program";

/** A process without a word for so long hangs, and is killed. */
const PATIENCE_MS = 60_000;
const MAX_CPU_MS = 5000;
const MAX_PEAK_BYTES = 1_000_000_000;

/** Imports mutated tables in a process of its own; where it dies or hangs, a new one goes on with the next table. */
export async function importMutated(
  first: number,
  count: number,
  progress: (done: number) => void = () => {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < count) {
    const start = first + outcomes.length;
    const ended = await watched(start, count - outcomes.length, (outcome) => {
      outcomes.push(outcome);
      progress(outcomes.length);
    });
    if (outcomes.length === count) break;
    const seed = first + outcomes.length;
    outcomes.push({ seed, kind: "", ended, refused: {}, cpuMs: 0, peakBytes: 0 });
  }
  return outcomes;
}

/** What broke a promise: no code, too long, too much. */
export function faultsOf(outcomes: Outcome[]): Outcome[] {
  return outcomes.filter(
    ({ ended, cpuMs, peakBytes }) =>
      !/^(imported|[A-Z_]+)$/.test(ended) || cpuMs > MAX_CPU_MS || peakBytes > MAX_PEAK_BYTES,
  );
}

/** The figures in words. */
export function summaryOf(outcomes: Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { ended, refused } of outcomes) {
    const name = ended.split("\n")[0] ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [code, rows] of Object.entries(refused))
      counts.set(`rows ${code}`, (counts.get(`rows ${code}`) ?? 0) + rows);
  }
  const longest = outcomes.reduce((most, next) => (next.cpuMs > most.cpuMs ? next : most));
  const peak = Math.max(...outcomes.map(({ peakBytes }) => peakBytes));
  const told = [...counts].sort(([one], [other]) => one.localeCompare(other)).map(([name, many]) => `${name}: ${many}`);
  return [
    `${outcomes.length} tables, ${faultsOf(outcomes).length} faults`,
    `longest ${Math.round(longest.cpuMs)} ms of CPU (seed ${longest.seed}), peak ${Math.round(peak / 1e6)} MB`,
    ...told,
  ].join("\n");
}

async function watched(first: number, count: number, take: (outcome: Outcome) => void): Promise<string> {
  const program = [join(__dirname, "program.ts"), String(first), String(count)];
  const child = spawn(process.execPath, ["--import", "tsx", ...program], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise<string>((resolve) => {
    child.once("close", (code, signal) =>
      resolve(signal === "SIGKILL" ? "hung, or out of memory" : `died: ${code ?? signal}`),
    );
  });
  let watchdog = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  for await (const line of createInterface(child.stdout)) {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    take(JSON.parse(line));
  }
  clearTimeout(watchdog);
  return closed;
}
