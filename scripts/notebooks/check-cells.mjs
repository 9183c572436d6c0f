// node scripts/notebooks/check-cells.mjs [FILES]: types and promises of the notebooks' code cells.
import { resolve } from "node:path";
import { allNotebooks } from "./all.mjs";
import { judgeCells } from "./judge-cells.mjs";

const named = process.argv.slice(2).map((path) => resolve(path));
const paths = named.length > 0 ? named : allNotebooks();
const wrong = await judgeCells(paths);
process.stdout.write(
  [...wrong, `${paths.length} notebooks, ${wrong.length} complaints`].map((line) => `${line}\n`).join(""),
);
if (wrong.length > 0) process.exitCode = 1;
