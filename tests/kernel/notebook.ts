import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../house/files";
import type { Output } from "./kernel";

const environment = process.env.CONDA_DEFAULT_ENV === "thumbrank" ? process.env.CONDA_PREFIX : undefined;
/** A program of the Python environment that the set-up made. */
export const program = (name: string) => join(environment ?? join(root, ".venv"), "bin", name);
export const hasJupyter = existsSync(program("papermill"));
/** Goes into the names of tests that are skipped without it. */
export const needed = hasJupyter ? "" : " (needs the Python environment)";

export interface ExecutedCell {
  source: string;
  outputs: (Output & { output_type: string; text?: string | string[] })[];
}

export interface Run {
  code: number;
  /** What papermill said. */
  said: string;
  /** The notebook's code cells, as papermill left them. */
  cells: ExecutedCell[];
}

const codeCell = (source: string, at: number) => ({
  cell_type: "code",
  id: `cell-${at}`,
  metadata: { tags: at === 0 ? ["parameters"] : [] },
  execution_count: null,
  outputs: [],
  source,
});

/** Writes a notebook for our kernel: the parameters cell, then others. */
export function writeNotebook(path: string, parameters: string, cells: string[]): void {
  const metadata = {
    kernelspec: { display_name: "TypeScript (Thumbrank)", language: "typescript", name: "thumbrank" },
    language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
  };
  const all = [parameters, ...cells].map(codeCell);
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: all }));
}

const text = (source: string | string[]) => (Array.isArray(source) ? source.join("") : source);

function cellsOf(path: string): ExecutedCell[] {
  if (!existsSync(path)) return [];
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as {
    cells: { cell_type: string; source: string | string[]; outputs: ExecutedCell["outputs"] }[];
  };
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  return code.map(({ source, outputs }) => ({ source: text(source), outputs }));
}

/** Runs the stock command on a notebook, its result beside it. */
export function papermill(
  notebook: string,
  args: string[] = [],
  { cwd = root, variables = {} }: { cwd?: string; variables?: Record<string, string> } = {},
): Promise<Run> {
  const output = notebook.replace(/\.ipynb$/, ".out.ipynb");
  const options = { cwd, env: { ...process.env, ...variables } };
  return new Promise((resolve) => {
    const all = [notebook, output, "--no-progress-bar", ...args];
    execFile(program("papermill"), all, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, said: stdout + stderr, cells: cellsOf(output) });
    });
  });
}

/** What a notebook printed, and the text of values it showed. */
export const printed = ({ cells }: Run) =>
  cells
    .flatMap(({ outputs }) => outputs)
    .flatMap(({ text: printed }) => (printed === undefined ? [] : text(printed)))
    .join("");

/** A folder for JUPYTER_PATH in which `thumbrank` is the kernel of another project folder. */
export function jupyterPathFor(project: string): string {
  const folder = join(project, "jupyter");
  const spec = join(folder, "kernels", "thumbrank");
  mkdirSync(spec, { recursive: true });
  const argv = [process.execPath, join(project, "kernel", "launch.mjs"), "{connection_file}"];
  writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv, display_name: "test", language: "typescript" }));
  return folder;
}
