// npm run notebooks:strip [-- --check] [FILES]: takes out of notebooks what a run left in them; `-` filters stdin.
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { allNotebooks } from "./all.mjs";
import { normalForm } from "./normal.mjs";

/** The normal form of a file, and whether the file is in it. */
function judged(path) {
  const text = readFileSync(path, "utf8");
  const normal = normalForm(text);
  return { path, normal, isDirty: normal !== text };
}

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("-"));
if (args.includes("-")) {
  process.stdout.write(normalForm(readFileSync(0, "utf8")));
} else {
  const dirty = (named.length > 0 ? named : allNotebooks()).map(judged).filter(({ isDirty }) => isDirty);
  const only = args.includes("--check");
  for (const { path, normal } of dirty) {
    if (!only) writeFileSync(path, normal);
    process.stderr.write(`${relative(process.cwd(), path)}: ${only ? "not stripped" : "stripped"}\n`);
  }
  if (only && dirty.length > 0) {
    process.stderr.write("Next: npm run notebooks:strip\n");
    process.exitCode = 1;
  }
}
