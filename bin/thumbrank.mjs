#!/usr/bin/env node
// Runs lib/cli.ts, which is TypeScript, by Node 22 and tsx, wherever it is called from.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode, nodeMajor } from "../scripts/setup/node22.mjs";
import { placesOf } from "../scripts/setup/places.mjs";
import { loadTypeScript } from "../scripts/setup/typescript.mjs";
import { endWithParent, runUnderNode22 } from "../scripts/setup/under-node22.mjs";

const places = placesOf();
const missing = [
  findNode(places) === undefined && `Node ${nodeMajor}`,
  !existsSync(join(places.project, "node_modules", "tsx")) && "the npm packages",
].filter(Boolean);

if (missing.length > 0) {
  process.stderr.write(`SETUP_MISSING: not set up yet: ${missing.join(" and ")}\nNext: npm run setup\n`);
  process.exitCode = 1;
} else if (places.nodeMajor === nodeMajor) {
  endWithParent();
  loadTypeScript();
  createRequire(import.meta.url)("../lib/cli");
} else {
  await runUnderNode22(places, fileURLToPath(import.meta.url), process.argv.slice(2));
}
