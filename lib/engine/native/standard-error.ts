import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as koffi from "koffi";
import { C_LIBRARY } from "./hold";

const STDERR = 2;

/**
 * Does synchronous work, and lets through only the wanted lines that it writes to file descriptor 2. The work must
 * return: if the process died in it, its last messages would be lost.
 * @param isWanted judges a line; not called if no temporary file can be made, and then all lines are written
 */
export function filterStandardError<Result>(isWanted: (line: string) => boolean, work: () => Result): Result {
  const file = temporaryFile();
  if (file === undefined) return work();
  const restore = redirect(file);
  try {
    return work();
  } finally {
    restore();
    const wanted = readText(file)
      .split(/(?<=\n)/)
      .filter(isWanted)
      .join("");
    closeSync(file);
    if (wanted !== "") writeSync(STDERR, wanted);
  }
}

/** A file that only this process has, and that disappears with it. */
function temporaryFile(): number | undefined {
  try {
    const folder = mkdtempSync(join(tmpdir(), "thumbrank-stderr-"));
    try {
      return openSync(join(folder, "stderr"), "wx+", 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  } catch {
    return undefined;
  }
}

/** Points file descriptor 2 to a file. @returns a function that restores it */
function redirect(file: number): () => void {
  const c = koffi.load(C_LIBRARY);
  const dup2 = c.func("dup2", "int", ["int", "int"]);
  const kept: number = c.func("dup", "int", ["int"])(STDERR);
  if (kept < 0) return () => {};
  dup2(file, STDERR);
  return () => {
    dup2(kept, STDERR);
    closeSync(kept);
  };
}

function readText(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size);
  readSync(file, bytes, 0, bytes.length, 0);
  return bytes.toString("utf8");
}
