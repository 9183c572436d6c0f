import { execFileSync } from "node:child_process";

/** What tests start, read or load by its path, so that no import tells which are to be run when it changes. */
const unimported = [
  { what: /^(lib\/cli|bin)\b/, tests: ["cli/"] },
  { what: /^lib\/([^/]+)\//, tests: ["$1/"] },
  { what: /^supabase\//, tests: ["store/", "supabase/", "compatibility/"] },
  { what: /^tests\/([^/]+)\/(programs|cases|fakes)\//, tests: ["$1/"] },
  { what: /^tests\/google\//, tests: ["google/", "youtube/"] },
  { what: /^tests\/golden\/([^/]+)\//, tests: ["$1/"] },
  { what: /^tests\/golden\/tables\//, tests: ["dataset/"] },
  { what: /^(kernel|notebooks)\//, tests: ["kernel/", "notebooks/"] },
  { what: /^scripts\/notebooks\b/, tests: ["notebooks/"] },
  { what: /^(scripts|stubs|requirements)/, tests: ["setup/"] },
  { what: /^clients\//, tests: ["serving/client"] },
  { what: /^bench\//, tests: ["bench/"] },
  { what: /\.md$/, tests: ["readme/", "notebooks/hygiene"] },
  // They read every file of the project.
  { what: /^/, tests: ["house/"] },
];

/** The commit that a change is measured from: where this branch left `main`; on `main`, and where there is none, its last. */
export function startOfBranch(cwd) {
  try {
    return git(cwd, "merge-base", "HEAD", "main").trim();
  } catch {
    return "HEAD";
  }
}

/** Paths of the files that differ from a commit, committed or not, and of the new ones. */
export function changedSince(commit, cwd) {
  const differing = git(cwd, "diff", "--name-only", "--no-renames", "-z", commit, "--");
  const untracked = git(cwd, "ls-files", "--others", "--exclude-standard", "-z");
  return `${differing}${untracked}`.split("\0").filter((path) => path !== "");
}

/**
 * Filters for Vitest, by path, of the tests that changes may concern though no import leads to what changed.
 * @param changed paths of files, from the project's root
 */
export function testsBeyondImports(changed) {
  const places = changed.flatMap((path) =>
    unimported.flatMap(({ what, tests }) => {
      const found = what.exec(path);
      return found ? tests.map((name) => `tests/${name.replace("$1", found[1] ?? "")}`) : [];
    }),
  );
  return [...new Set(places)];
}

const git = (cwd, ...args) => execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
