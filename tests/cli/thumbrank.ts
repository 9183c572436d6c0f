import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** What a run of the command line ended with. */
export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A running command line. */
export interface Running {
  child: ChildProcess;
  outcome: Promise<Outcome>;
}

/** Starts `thumbrank` as its users do. */
export function start(args: string[], environment: Record<string, string> = {}): Running {
  const command = [join(ROOT, "bin", "thumbrank.mjs"), ...args];
  const { DATABASE_URL: _, SUPABASE_URL: __, SUPABASE_KEY: ___, ...inherited } = process.env;
  const env = { ...inherited, WANDB_MODE: "disabled", ...environment };
  const child = spawn(process.execPath, command, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  const outcome = new Promise<Outcome>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, outcome };
}

/** Runs `thumbrank` to its end. */
export function run(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return start(args, environment).outcome;
}

/** Runs it and fails with its messages unless it succeeds. @returns stdout */
export async function succeed(args: string[], environment: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await run(args, environment);
  if (code !== 0) throw new Error(`thumbrank ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
  return stdout;
}
