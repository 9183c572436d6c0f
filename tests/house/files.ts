import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's root. */
export const root = join(__dirname, "..", "..");

/** The files that git keeps, by patterns as `git ls-files` takes them. */
export function tracked(...patterns: string[]): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--", ...patterns], { cwd: root, encoding: "utf8" });
  return listed.split("\0").filter((path) => path !== "");
}

export const textOf = (path: string) => readFileSync(join(root, path), "utf8");

/** `path:line: text` of each line in which one of the patterns occurs. */
export function linesWith(paths: string[], ...patterns: RegExp[]): string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split("\n")
      .flatMap((line, at) =>
        patterns.some((pattern) => pattern.test(line)) ? [`${path}:${at + 1}: ${line.trim()}`] : [],
      ),
  );
}
