import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A cell as a test writes it: code as text, prose with its kind. */
export type Planted = string | { prose: string } | { code: string; tags: string[] };

const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

function cellOf(cell: Planted, at: number): Record<string, unknown> {
  const id = `cell-${at}`;
  if (typeof cell !== "string" && "prose" in cell)
    return { cell_type: "markdown", id, metadata: {}, source: linesOf(cell.prose) };
  const [code, metadata] = typeof cell === "string" ? [cell, {}] : [cell.code, { tags: cell.tags }];
  return { cell_type: "code", execution_count: null, id, metadata, outputs: [], source: linesOf(code) };
}

/** The text of a stripped notebook of these cells. */
export function notebookOf(...cells: Planted[]): string {
  const kernelspec = { display_name: "TypeScript (Thumbrank)", language: "typescript", name: "thumbrank" };
  const language = { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" };
  const metadata = { kernelspec, language_info: language };
  return `${JSON.stringify({ cells: cells.map(cellOf), metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder, gone after the tests. */
export function temporaryFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), "thumbrank-notebooks-")));
  return folders.at(-1) as string;
}

/** Writes files into a temporary folder; returns their paths. */
export function plant(files: Record<string, string>): string[] {
  const folder = temporaryFolder();
  return Object.entries(files).map(([name, text]) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
}
