import type { Command } from "commander";
import { type Paths, pathsOf } from "../config";
import type { Store } from "../store";

/** Flags that every command has. */
export interface CommonFlags {
  dataDir?: string;
  json?: boolean;
}

/** Adds `--data-dir` and `--json` to a command. */
export function common(command: Command): Command {
  return command
    .option(
      "--data-dir <folder>",
      "home of store, checkpoints, models and runs (default: THUMBRANK_HOME, else the project)",
    )
    .option("--json", "print the result as JSON on stdout, and nothing else there");
}

/** Opens the store of the flags' home, uses it and closes it, whatever happens. */
export async function withStore<Result>(
  flags: CommonFlags,
  use: (store: Store, paths: Paths) => Promise<Result>,
): Promise<Result> {
  const { withStore } = await import("../store");
  const paths = pathsOf(flags.dataDir);
  return withStore(paths, (store) => use(store, paths));
}

/** A message for people on stderr, above a progress bar if there is one; stdout stays free for results. */
export function say(message: string): void {
  process.stderr.write(`${process.stderr.isTTY ? "\r\u001b[2K" : ""}${message}\n`);
}

/** A line of a result for people, on stdout. */
export function print(line: string): void {
  process.stdout.write(`${process.stderr.isTTY && process.stdout.isTTY ? "\r\u001b[2K" : ""}${line}\n`);
}

/** The result of a command on stdout: JSON for programs, text for people. */
export function answer(flags: CommonFlags, result: unknown, text: string): void {
  print(flags.json ? JSON.stringify(result) : text);
}
