import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Random } from "../../lib/base/random";

const LOADER = pathToFileURL(require.resolve("tsx")).href;

function started(program: string, parameters: string[], environment: Record<string, string>) {
  const file = join(__dirname, "programs", program);
  const { NODE_TLS_REJECT_UNAUTHORIZED: _, ...inherited } = process.env;
  return spawn(process.execPath, ["--import", LOADER, file, ...parameters], {
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Runs a program of `programs/` to its end. @throws where it fails */
export async function runProgram(
  program: string,
  parameters: string[],
  environment: Record<string, string> = {},
): Promise<void> {
  const child = started(program, parameters, environment);
  child.stdout.resume();
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

/** Starts a program and kills it a while after its first line. @returns false where it ended before */
export async function killMidway(
  program: string,
  parameters: string[],
  environment: Record<string, string>,
  source: Random,
  longestMs: number,
): Promise<boolean> {
  const child = started(program, parameters, environment);
  const ended = once(child, "exit");
  await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, source.uniform() * longestMs)), ended]);
  child.kill("SIGKILL");
  const [code] = await ended;
  return code === null;
}
