import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { program } from "../programs.mjs";
import { CommandFailed, run } from "../setup/command.mjs";
import { root } from "../setup/places.mjs";
import { modulesOf } from "./cells.mjs";
import { sourceOf } from "./normal.mjs";

// What no cell uses yet is there for the reader.
const compilerOptions = { noUnusedLocals: false, allowUnreachableCode: true };
const rules = {
  preset: "none",
  suspicious: { noExplicitAny: "error" },
  nursery: { noFloatingPromises: "error", noMisusedPromises: "error" },
};

function settings(folder) {
  const tsconfig = { extends: join(root, "tsconfig.json"), compilerOptions, include: [], files: [] };
  const biome = { root: true, files: { includes: ["**"] }, linter: { domains: { types: "all" }, rules } };
  for (const name of ["node_modules", "lib", "package.json"]) symlinkSync(join(root, name), join(folder, name));
  return { tsconfig, biome };
}

/** Writes the cells as modules into a folder that looks like the project's root; returns them by file. */
function lay(folder, paths) {
  const cells = new Map();
  for (const path of paths) {
    const code = JSON.parse(readFileSync(path, "utf8")).cells.filter(({ cell_type }) => cell_type === "code");
    const modules = modulesOf(basename(path, ".ipynb"), code.map(sourceOf));
    for (const [at, { module, text }] of modules.entries()) {
      writeFileSync(join(folder, `${module}.ts`), text);
      cells.set(`${module}.ts`, { path, cell: at + 1, lines: text.split("\n").length - 3 });
    }
  }
  return cells;
}

/** Says of an error in a module where in which notebook it is. */
function placed(line, cells) {
  const [, file, row, rest] = /^(?:× )?([^():]+\.ts)[(:](\d+)[,:]\d+\)?:? (.*)$/.exec(line) ?? [];
  const cell = cells.get(file);
  if (!cell) return line;
  const within = Math.min(Math.max(Number(row) - 1, 1), cell.lines);
  return `${relative(root, cell.path)}, cell ${cell.cell}, line ${within}: ${rest}`;
}

/** What a program finds, line by line; all it says where it ends badly and names no line. */
async function complaints(name, args, folder, cells) {
  const failure = await run(program(name), args, { cwd: folder }).then(
    () => undefined,
    (error) => error,
  );
  if (failure === undefined) return [];
  if (!(failure instanceof CommandFailed)) throw failure;
  const found = failure.output.split("\n").filter((line) => /^(× )?\S+\.ts[(:]\d| {2,}[A-Z']/.test(line));
  return found.length > 0 ? found.map((line) => placed(line, cells)) : [failure.output];
}

/**
 * Type-checks and lints the code cells of notebooks by the compiler and the linter of lib.
 * @returns {Promise<string[]>} what is wrong, as `notebooks/NAME.ipynb, cell N, line N: MESSAGE`
 */
export async function judgeCells(paths) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "thumbrank-cells-")));
  try {
    const cells = lay(folder, paths);
    const files = [...cells.keys()];
    const { tsconfig, biome } = settings(folder);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...tsconfig, files }));
    writeFileSync(join(folder, "biome.json"), JSON.stringify(biome));
    const lint = ["lint", "--reporter=concise", "--colors=off", "--diagnostic-level=error", "--max-diagnostics=none"];
    return [
      ...(await complaints("tsc", ["-p", ".", "--pretty", "false"], folder, cells)),
      ...(await complaints("biome", [...lint, ...files], folder, cells)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
