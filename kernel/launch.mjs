#!/usr/bin/env node
// Starts the notebook kernel in the project's root, wherever the notebook lies: launch.mjs CONNECTION_FILE
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTypeScript } from "../scripts/setup/typescript.mjs";

const connectionFile = resolve(process.argv[2] ?? "");
process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
if (existsSync(join("node_modules", "tslab"))) {
  loadTypeScript();
  await createRequire(import.meta.url)("./main").startKernel(connectionFile);
} else {
  process.stderr.write("SETUP_MISSING: not set up yet: the npm packages\nNext: npm run setup\n");
  process.exitCode = 1;
}
