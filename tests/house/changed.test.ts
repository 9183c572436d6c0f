import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, tracked } from "./files";

let scripts: {
  startOfBranch(cwd: string): string;
  changedSince(commit: string, cwd: string): string[];
  testsBeyondImports(changed: string[]): string[];
};
const folder = mkdtempSync(join(tmpdir(), "thumbrank-changed-"));
beforeAll(async () => {
  scripts = await import(join(root, "scripts", "changed.mjs"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function git(...args: string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" }).trim();
}

function write(path: string, text = path): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
}

test("a change is all that was committed since the branch left main, edited, removed or added", () => {
  git("init", "--quiet", "--initial-branch=main");
  for (const path of ["lib/kept.ts", "lib/edited.ts", "lib/removed.ts", "lib/other.ts"]) write(path);
  write(".gitignore", "ignored.ts\n");
  commit("first");
  git("checkout", "--quiet", "-b", "work");
  write("lib/über uns.ts");
  commit("on the branch");
  git("checkout", "--quiet", "main");
  write("lib/other.ts", "what others did meanwhile");
  commit("on main");
  git("checkout", "--quiet", "work");
  write("lib/edited.ts", "edited");
  rmSync(join(folder, "lib/removed.ts"));
  write("lib/new.ts");
  write("ignored.ts");
  const expected = ["lib/edited.ts", "lib/new.ts", "lib/removed.ts", "lib/über uns.ts"];
  expect(scripts.changedSince(scripts.startOfBranch(folder), folder).sort()).toEqual(expected);
  expect(scripts.changedSince("HEAD", folder)).not.toContain("lib/über uns.ts");
  git("branch", "--quiet", "--delete", "--force", "main");
  expect(scripts.startOfBranch(folder)).toBe("HEAD");
});

test.each([
  ["supabase/migrations/20270101000000_thumbrank.sql", "tests/store/"],
  ["lib/cli/train.ts", "tests/cli/"],
  ["bin/thumbrank.mjs", "tests/cli/"],
  ["tests/jobs/programs/counting.ts", "tests/jobs/"],
  ["tests/google/world/draw.ts", "tests/youtube/"],
  ["tests/golden/tables/int32.parquet", "tests/dataset/"],
  ["notebooks/02_store.ipynb", "tests/notebooks/"],
  ["kernel/launch.mjs", "tests/kernel/"],
  ["scripts/setup/lock.mjs", "tests/setup/"],
  ["docs/TABLES.md", "tests/readme/"],
  ["LICENSE", "tests/house/"],
])("a change of %s, which is not imported, runs %s", (path, place) => {
  expect(scripts.testsBeyondImports([path])).toContain(place);
  expect(tracked("tests").some((file) => file.startsWith(place) && file.endsWith(".test.ts"))).toBe(true);
});

test("nothing changed, nothing is run", () => expect(scripts.testsBeyondImports([])).toEqual([]));
