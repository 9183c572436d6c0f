import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as engine from "../../lib/engine";
import { textOf, tracked } from "../house/files";

const ROOT = join(__dirname, "..", "..");
const readme = readFileSync(join(ROOT, "lib", "engine", "README.md"), "utf8");

/** Runs a program that awaits at its top level, as a notebook does, from the project's root. */
async function run(program: string): Promise<string> {
  const lines = program.split("\n");
  const imports = lines.filter((line) => line.startsWith("import "));
  const rest = lines.filter((line) => !line.startsWith("import "));
  const code = [...imports, "void (async () => {", ...rest, "})();"].join("\n");
  const { stdout } = await promisify(execFile)(join(ROOT, "node_modules", ".bin", "tsx"), ["-e", code], { cwd: ROOT });
  return stdout;
}

test("the model of the README learns what it says", async () => {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed = await run(program ?? "");
  const numbers = [...printed.matchAll(/-?\d+\.?\d*(?:e-?\d+)?/g)].map(([text]) => Number(text));
  const weights = numbers.slice(-3);
  weights.forEach((weight, index) => {
    expect(weight).toBeCloseTo(index + 1, 3);
  });
});

test("the README's table has each code of the engine once", () => {
  const listed = [...readme.matchAll(/`(ENGINE_[A-Z_]+)`/g)].map(([, code]) => code);
  const codes = [...textOf("lib/engine/errors.ts").matchAll(/"(ENGINE_[A-Z_]+)"/g)].map(([, code]) => code);
  expect([...new Set(listed)].sort()).toEqual([...new Set(codes)].sort());
  expect(listed.length).toBe(codes.length);
});

test("the README speaks of functions and files that are there", () => {
  for (const name of ["openEngine", "dropout", "applyAdamW", "lendableArray", "fastest"]) {
    expect(readme).toContain(name);
    expect(engine).toHaveProperty(name);
  }
  const files = [...readme.matchAll(/`([a-z/-]+\.ts)`/g)].map(([, file]) => file as string);
  const known = tracked("*.ts");
  for (const file of files)
    expect(
      [file, `lib/engine/${file}`].some((path) => known.includes(path)),
      file,
    ).toBe(true);
});

test("of the rest of lib the engine uses two rooms, base and files", () => {
  const outside = tracked("lib/engine/*.ts").flatMap((path) => {
    const depth = path.split("/").length - 3;
    const imports = [...textOf(path).matchAll(/from "((?:\.\.\/)+)([^"]+)"/g)];
    return imports.filter(([, ups]) => (ups as string).length / 3 > depth).map(([, , target]) => target);
  });
  expect([...new Set(outside)].sort()).toEqual(["base", "files"]);
});
