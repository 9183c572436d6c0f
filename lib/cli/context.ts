import { z } from "zod";
import { escapeControls, escapeLine } from "../base";
import { type Paths, resolvePaths } from "../config";
import type { Store } from "../store";
import { Path } from "./fields";

/** Flags of almost every command. */
export const CommonSettings = z
  .strictObject({
    dataDir: Path.optional().meta({
      placeholder: "folder",
      description: "home of store, checkpoints, models and runs (default: THUMBRANK_HOME, else the project)",
    }),
    json: z.boolean().default(false).meta({
      description: "print the result as JSON on stdout, and nothing else there",
    }),
    verbose: z.boolean().default(false).meta({
      description: "also show what TensorFlow's library logs, on stderr",
    }),
  })
  .meta({ title: "Common" });
export type CommonFlags = z.input<typeof CommonSettings>;

/** `--data-dir` and `--verbose`, for commands whose only result is the files they write. */
export const HomeSettings = CommonSettings.pick({ dataDir: true, verbose: true }).meta({ title: "Common" });

/** Only `--json`, for commands that need no home. */
export const JsonSettings = CommonSettings.pick({ json: true }).meta({ title: "Common" });

/** Opens the store of the flags' home and closes it after use, even if that fails. */
export async function withStore<Result>(
  flags: CommonFlags,
  use: (store: Store, paths: Paths) => Promise<Result>,
): Promise<Result> {
  const { withStore } = await import("../store");
  const paths = resolvePaths(flags.dataDir);
  return withStore(paths, (store) => use(store, paths));
}

/** The same, for a home that must hold videos. @throws NoVideos, without making a store */
export async function withVideos<Result>(
  flags: CommonFlags,
  use: (store: Store, paths: Paths) => Promise<Result>,
): Promise<Result> {
  const { openStoreWithVideos } = await import("../store");
  const paths = resolvePaths(flags.dataDir);
  const store = await openStoreWithVideos(paths);
  try {
    return await use(store, paths);
  } finally {
    await store.close();
  }
}

/** Checks that a home holds videos, for commands that need data derived from them. @throws NoVideos */
export async function assertVideos(flags: CommonFlags): Promise<void> {
  await withVideos(flags, async () => {});
}

const CLEARED_LINE = "\r\u001b[2K";

/**
 * Prints a message to stderr, above a progress bar if there is one; stdout is kept for results. Each argument is one
 * line: its line breaks are shown as `\n`, so that no value can fake a message.
 */
export function say(...lines: string[]): void {
  process.stderr.write(`${process.stderr.isTTY ? CLEARED_LINE : ""}${lines.map(escapeLine).join("\n")}\n`);
}

/** Prints a result for people to stdout; its line breaks are kept. */
export function print(text: string): void {
  const cleared = process.stderr.isTTY && process.stdout.isTTY ? CLEARED_LINE : "";
  process.stdout.write(`${cleared}${escapeControls(text)}\n`);
}

/** Prints a command's result to stdout: JSON for programs, text for people. */
export function answer(flags: CommonFlags, result: unknown, text: string): void {
  print(flags.json ? JSON.stringify(result) : text);
}
