import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const PROGRAM = join(__dirname, "..", "..", "bin", "thumbrank.mjs");
const LOOK_MS = 100;

/** What a run of the command line came to. */
export interface Ended {
  /** Null where it was killed. */
  code: number | null;
  seconds: number;
  /** Largest resident set that was seen. */
  peakBytes: number;
  stdout: string;
}

/** Runs `thumbrank` with arguments, and kills it after a while if asked. */
export async function run(
  args: readonly string[],
  environment: Record<string, string>,
  killAfterMs?: number,
): Promise<Ended> {
  const begun = Date.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  let peakBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const look = setInterval(() => {
    peakOf(child.pid ?? 0).then(
      (bytes) => {
        peakBytes = Math.max(peakBytes, bytes);
      },
      () => {},
    );
  }, LOOK_MS);
  const killed = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(look);
  clearTimeout(killed);
  return { code, seconds: (Date.now() - begun) / 1000, peakBytes, stdout };
}

/** High-water mark of a process's resident set, as Linux keeps it. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
