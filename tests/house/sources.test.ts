import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { linesWith, root, textOf, tracked } from "./files";

// A file deleted and not yet committed is still listed.
const sources = [...tracked("lib/*.ts"), ...tracked("kernel/*.ts")].filter((path) => existsSync(join(root, path)));
const longest = 250;

test(`no file of lib has more than ${longest} lines`, () => {
  expect(sources.length).toBeGreaterThan(10);
  const long = sources.filter((path) => textOf(path).split("\n").length > longest + 1);
  expect(long).toEqual([]);
});

test("nothing in lib escapes the type checker or the linter", () => {
  expect(
    linesWith(sources, /(:|<|\bas) any\s*([;,()<>[\]{}|&=]|$)/, /@ts-(ignore|nocheck|expect-error)/, /biome-ignore/),
  ).toEqual([]);
});

test("lib asserts that a value is there only where an index reads it", () => {
  const asserted = sources.flatMap((path) => {
    const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNonNullExpression(node) && !ts.isElementAccessExpression(node.expression))
        found.push(`${path}: ${node.getText(file)}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
  expect(asserted).toEqual([]);
});

test("lib can be loaded by tslab: no import.meta, no extensions in relative imports, no `using`", () => {
  expect(linesWith(sources, /import\.meta/, /from "\.{1,2}\/[^"]*\.(ts|js|mjs)"/, /^\s*(await )?using \w+ =/)).toEqual(
    [],
  );
});

test("randomness has one source", () => {
  expect(linesWith(sources, /Math\.random\(/, /crypto\.randomBytes|randomUUID/)).toEqual([]);
});

test("folders are made by lib/files, whose way ends where none can be made", () => {
  expect(
    linesWith(
      sources.filter((path) => !path.startsWith("kernel/")),
      /mkdir(Sync)?\(.*recursive/,
    ),
  ).toEqual([]);
});

test("only the command line and the notebook speak to people", () => {
  const silent = sources.filter((path) => !/^lib\/(cli|notebook)(\/|\.ts)/.test(path));
  expect(linesWith(silent, /\bconsole\.(log|info|warn|error)\(/, /process\.(stdout|stderr)\.write/)).toEqual([]);
});

test("every room says at its index's head what it is for", () => {
  const indexes = sources.filter((path) => /^lib\/[^/]+\/index\.ts$/.test(path));
  expect(indexes.length).toBeGreaterThan(0);
  expect(indexes.filter((path) => !/^\/[*/]/.test(textOf(path)))).toEqual([]);
});
