import { createHash } from "node:crypto";

/** What each notebook of ours says of itself. */
export const metadata = {
  kernelspec: { display_name: "TypeScript (Thumbrank)", language: "typescript", name: "thumbrank" },
  language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
};

/** A cell's text; notebooks hold it as lines or as one string. */
export const sourceOf = (cell) => (Array.isArray(cell.source) ? cell.source.join("") : cell.source);

const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+/g) ?? [];
const ofPapermill = /^(injected-parameters|papermill-error-cell-tag)$/;
const tagsOf = (cell) => cell.metadata?.tags ?? [];

/** The id that git has, where it can be kept; else one that the cell's place and text give. */
function idOf(cell, at, taken) {
  const own = cell.id ?? "";
  const free = /^[a-zA-Z0-9_-]{1,64}$/.test(own) && !taken.has(own);
  const id = free
    ? own
    : createHash("sha256")
        .update(`${at}:${sourceOf(cell)}`)
        .digest("hex")
        .slice(0, 8);
  taken.add(id);
  return id;
}

/** Keys in nbformat's order, the alphabet's. */
function cellOf(cell, id) {
  const kept = tagsOf(cell);
  const common = { id, metadata: kept.length > 0 ? { tags: kept } : {} };
  const source = linesOf(sourceOf(cell));
  if (cell.cell_type !== "code") return { cell_type: cell.cell_type, ...common, source };
  return { cell_type: "code", execution_count: null, ...common, outputs: [], source };
}

/**
 * A notebook as git keeps it: no outputs, no counts, no cells of papermill, no metadata but ours and tags.
 * @param {string} text an .ipynb file
 * @returns {string} the same text where it is in that form already
 */
export function normalForm(text) {
  const taken = new Set();
  const written = JSON.parse(text).cells.filter(
    (cell) => sourceOf(cell).trim() !== "" && !tagsOf(cell).some((tag) => ofPapermill.test(tag)),
  );
  const cells = written.map((cell, at) => cellOf(cell, idOf(cell, at, taken)));
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}
