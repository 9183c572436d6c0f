import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../house/files";
import { notebookOf, plant } from "./plant";

const strip = (args: string[], input = "") =>
  spawnSync(process.execPath, [join(root, "scripts/notebooks/strip.mjs"), ...args], { encoding: "utf8", input });

interface Cell {
  id?: string;
  metadata: Record<string, unknown>;
  source: string[] | string;
  execution_count?: number | null;
  outputs?: unknown[];
}

/** A notebook as a run and an editor leave it; each change can be made alone. */
function soiled(change: (notebook: { cells: Cell[]; metadata: Record<string, unknown> }) => void): string {
  const notebook = JSON.parse(clean);
  change(notebook);
  return JSON.stringify(notebook, null, 1);
}

const clean = notebookOf(
  { prose: "# 03 Pairs\n\ntext — ünïcode" },
  { code: "let a = 1;\n", tags: ["parameters"] },
  "a;",
);
const prose = 0;
const parameters = 1;
const code = 2;

test("a notebook in normal form stays as it is, byte for byte", () => {
  expect(strip(["-"], clean).stdout).toBe(clean);
});

const changes: Record<string, (notebook: { cells: Cell[]; metadata: Record<string, unknown> }) => void> = {
  outputs: ({ cells }) => cells[code]?.outputs?.push({ output_type: "stream", name: "stdout", text: "1" }),
  "execution counts": ({ cells }) => Object.assign(cells[code] ?? {}, { execution_count: 3 }),
  "papermill's metadata": ({ cells, metadata }) => {
    Object.assign(metadata, { papermill: { duration: 1, input_path: "x" } });
    Object.assign(cells[code]?.metadata ?? {}, { papermill: { status: "completed" }, tags: [] });
  },
  "an editor's metadata": ({ cells, metadata }) => {
    Object.assign(cells[code]?.metadata ?? {}, { trusted: true, collapsed: false, scrolled: true });
    Object.assign(metadata.language_info as object, { version: "5.0.4", codemirror_mode: { name: "typescript" } });
  },
  "another kernel": ({ metadata }) => Object.assign(metadata, { kernelspec: { name: "tslab", display_name: "x" } }),
  "papermill's cell of parameters": ({ cells }) =>
    cells.splice(parameters + 1, 0, { ...(cells[parameters] as Cell), metadata: { tags: ["injected-parameters"] } }),
  "an empty last cell": ({ cells }) => cells.push({ ...(cells[code] as Cell), id: "zz", source: [] }),
  "sources in one string": ({ cells }) => Object.assign(cells[prose] ?? {}, { source: "# 03 Pairs\n\ntext — ünïcode" }),
  "keys in another order": ({ cells }) =>
    cells.splice(code, 1, Object.fromEntries(Object.entries(cells[code] ?? {}).reverse()) as unknown as Cell),
};

for (const [name, change] of Object.entries(changes))
  test(`taken out: ${name}`, () => {
    const text = soiled(change);
    expect(text).not.toBe(clean);
    expect(strip(["-"], text).stdout).toBe(clean);
  });

test("cells without an id, or with another's, get one that a second run keeps", () => {
  const text = soiled(({ cells }) => {
    delete cells[prose]?.id;
    Object.assign(cells[code] ?? {}, { id: cells[parameters]?.id });
  });
  const once = strip(["-"], text).stdout;
  const ids = (JSON.parse(once) as { cells: Cell[] }).cells.map(({ id }) => id ?? "");
  expect(new Set(ids.filter((id) => /^[\w-]{1,64}$/.test(id))).size).toBe(3);
  expect(ids[parameters]).toBe("cell-1");
  expect(strip(["-"], once).stdout).toBe(once);
});

test("--check names what is dirty, changes nothing and fails; without it files are stripped", () => {
  const [dirty = "", fine = ""] = plant({ "dirty.ipynb": `${clean}\n`, "fine.ipynb": clean });
  const checked = strip(["--check", dirty, fine]);
  expect(checked.status).toBe(1);
  expect(checked.stderr).toContain("dirty.ipynb: not stripped");
  expect(checked.stderr).not.toContain("fine.ipynb");
  expect(readFileSync(dirty, "utf8")).toBe(`${clean}\n`);
  expect(strip([dirty, fine]).status).toBe(0);
  expect(readFileSync(dirty, "utf8")).toBe(clean);
  expect(strip(["--check", dirty, fine])).toMatchObject({ status: 0, stderr: "" });
});
