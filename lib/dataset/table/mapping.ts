import type { TableOptions } from "../../config";
import { COLUMNS, type Column, REQUIRED_COLUMNS } from "../../config";
import { ColumnsMissing, ColumnUnknown } from "../errors";
import type { Cells } from "./columns";
import { LAYOUTS, type Layout, type Source, type Sources, SYNONYMS } from "./layouts";

/** Where the values of our columns stand in a table. */
export interface Mapping {
  sources: Map<Column, Exclude<Source, string>[]>;
  constants: Cells;
  missing: Column[];
  layout: Layout | undefined;
  /** What was taken for what, for people; empty where a table has our own columns. */
  notes: string[];
}

/** What a table's columns are here: `set` and `map` count first, then our own names, a known layout, common names however written. */
export function mapColumns(found: string[], options: Pick<TableOptions, "map" | "set">): Mapping {
  const layout = LAYOUTS.find(({ signs }) => signs.every((sign) => found.includes(sign)));
  const sources: Mapping["sources"] = new Map();
  for (const column of COLUMNS) {
    if (options.set[column] !== undefined) continue;
    const taken = sourcesOf(column, found, options.map, layout?.columns);
    if (taken.length > 0) sources.set(column, taken);
  }
  const missing = REQUIRED_COLUMNS.filter((name) => !sources.has(name) && options.set[name] === undefined);
  return { sources, constants: options.set, missing, layout, notes: notesOf(sources, options.set, layout) };
}

/** @throws ColumnUnknown where `map` names a column that is not there; ColumnsMissing */
export function requireColumns(file: string, found: string[], { missing }: Mapping, map: TableOptions["map"]): void {
  const unknown = Object.values(map).filter((name) => !found.includes(name));
  if (unknown.length > 0) throw new ColumnUnknown(file, unknown, found);
  if (missing.length > 0) throw new ColumnsMissing(file, missing, found);
}

/**
 * The cells of a row.
 * @param cell the row's text in a column of the table, "" where it has none
 * @returns undefined for a row that is no video
 */
export function cellsOf({ sources, constants, layout }: Mapping, cell: (name: string) => string): Cells | undefined {
  if (layout?.isVideo && !layout.isVideo(cell)) return undefined;
  const cells: Cells = { ...constants };
  for (const [column, candidates] of sources) {
    const given = candidates.find(({ from }) => cell(from).trim() !== "") ?? candidates[0];
    if (given) cells[column] = given.read(cell(given.from));
  }
  return cells;
}

/** The columns that a layout reads. */
export function namesOf(layout: Layout | undefined): string[] {
  return Object.values(layout?.columns ?? {}).flatMap((sources) =>
    sources.map((source) => (typeof source === "string" ? source : source.from)),
  );
}

function sourcesOf(column: Column, found: string[], map: TableOptions["map"], layout: Sources | undefined) {
  const mapped = map[column];
  const candidates = mapped !== undefined ? [mapped] : (layout?.[column] ?? [column]);
  const taken = present(candidates, found);
  if (taken.length > 0 || mapped !== undefined) return taken;
  const names = [column, ...(SYNONYMS[column] ?? [])];
  // A program's own table has the columns that its layout names; Studio's Subscribers are no subscribers.
  if (layout) return present(names, found).slice(0, 1);
  const otherwise = names.flatMap((name) => found.filter((one) => folded(one) === folded(name)));
  return present([...names, ...otherwise], found).slice(0, 1);
}

/** "VIDEO_ID" and "Video Id" are "videoid", as databases and spreadsheets write it. */
const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

function present(candidates: Source[], found: string[]): Exclude<Source, string>[] {
  return candidates
    .map((source) => (typeof source === "string" ? { from: source, read: (cell: string) => cell } : source))
    .filter(({ from }) => found.includes(from));
}

function notesOf(sources: Mapping["sources"], constants: Cells, layout: Layout | undefined): string[] {
  const renamed = [...sources]
    .filter(([column, taken]) => taken.some(({ from }) => from !== column))
    .map(([column, taken]) => `${column} from ${taken.map(({ from }) => from).join(", else ")}`);
  const given = Object.entries(constants).map(([column, value]) => `${column} is ${value} in all rows`);
  const told = [...renamed, ...given];
  if (told.length === 0) return [];
  return [`read as ${layout?.name ?? "a table with other column names"}: ${told.join("; ")}`];
}
