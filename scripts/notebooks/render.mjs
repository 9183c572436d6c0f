#!/usr/bin/env node
// node scripts/notebooks/render.mjs FOLDER [TARGET]: executed notebooks as linked pages that need no network.
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../setup/command.mjs";
import { pythonOf } from "../setup/environment.mjs";
import { placesOf, root } from "../setup/places.mjs";

const plotly = join(root, "node_modules", "plotly.js-cartesian-dist-min", "plotly-cartesian.min.js");

/**
 * Writes a page for each executed notebook `NN_name.ipynb` of a folder, and a page of contents.
 * @returns {Promise<string[]>} the pages' full paths, the contents first
 */
export async function renderNotebooks(folder, target = folder) {
  mkdirSync(target, { recursive: true });
  const script = join(root, "scripts", "notebooks", "render.py");
  const listed = await run(pythonOf(placesOf()), ["-B", script, resolve(folder), resolve(target)]);
  copyFileSync(plotly, join(target, "plotly.min.js"));
  return JSON.parse(listed).map((name) => join(target, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, target] = process.argv.slice(2);
  for (const page of await renderNotebooks(folder ?? ".", target)) process.stdout.write(`${page}\n`);
}
