import { globSync } from "node:fs";
import { join } from "node:path";
import { CORE } from "./one-core";

/** Files about what an engine has no part in: storage, platforms, the registry of backends. */
const ELSEWHERE = /^(io|platforms|backends|jasmine_util|engine|environment|flags|kernel_registry|profiler|debug_mode)/;

type Describe = (name: string, body: () => void) => void;

/** Loads tfjs-core's test files; the name of each suite begins with its file's. */
export function loadSpecs(only = ""): void {
  const all = globalThis as unknown as { describe: Describe };
  const describe = all.describe;
  const files = globSync("**/*_test.js", { cwd: CORE }).sort();
  for (const file of files.filter((name) => !ELSEWHERE.test(name) && name.includes(only))) {
    let depth = 0;
    all.describe = (name, body) => {
      const suite = depth === 0 ? `${file.replace("_test.js", "")}: ${name}` : name;
      depth++;
      describe(suite, body);
      depth--;
    };
    require(join(CORE, file));
  }
  all.describe = describe;
}
