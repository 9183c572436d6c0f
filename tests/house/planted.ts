import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./files";

export interface Verdict {
  code: number | null;
  output: string;
}

// As scripts/programs.mjs has it: tslab brings a `tsc` of its own.
const pathOf = (program: string) =>
  join(root, "node_modules", ...(program === "tsc" ? ["@typescript", "native", "bin"] : [".bin"]), program);

/** Runs a program of node_modules over a small project with our settings and these files. */
export function judge(files: Record<string, string>, program: string, ...args: string[]): Verdict {
  const folder = mkdtempSync(join(tmpdir(), "thumbrank-planted-"));
  try {
    for (const name of ["biome.json", "tsconfig.json", ".dependency-cruiser.cjs"])
      copyFileSync(join(root, name), join(folder, name));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const ended = spawnSync(pathOf(program), args, { cwd: folder, encoding: "utf8" });
    return { code: ended.status, output: ended.stdout + ended.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
