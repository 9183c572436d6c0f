import type { DataFrame } from "danfojs-node";
import { escapeHtml, escapeLine } from "../base";
import { QUIET_TEXT, RULE, SCROLL_SHADOWS } from "./markup";
import { type Displayable, html, text } from "./mime";
import { formatNumber } from "./number";

const DECIMALS = 3;
const LIMIT = 20;

/** A table that a notebook can show. */
export type Table = Displayable;

/** How a table shows its rows. */
export interface TableOptions {
  /** Which columns, in which order. */
  columns?: readonly string[];
  /** Most rows to show (default 20); the rest are only counted. */
  limit?: number;
  caption?: string;
  /** Decimals of non-integers (default 3), for all columns or by name. */
  decimals?: number | Readonly<Record<string, number>>;
}

/** What a table shows: names of columns, and values row by row. */
interface Grid {
  columns: string[];
  rows: unknown[][];
}

/** Shows rows or a DataFrame as a table; says so if there are no rows. */
export function table(rows: DataFrame | readonly object[], options: TableOptions = {}): Table {
  const grid = toGrid(rows, options.columns);
  if (grid.rows.length === 0) return nothing(options.caption);
  const limit = options.limit ?? LIMIT;
  const shown = formatTexts({ ...grid, rows: grid.rows.slice(0, limit) }, options.decimals);
  const more = Math.max(0, grid.rows.length - limit);
  const note = more > 0 ? `… and ${formatNumber(more)} more rows` : "";
  return html(markup(shown, options.caption, note), plainText(shown, options.caption, note));
}

function nothing(caption?: string): Table {
  return text(caption === undefined ? "no rows" : `${caption}: no rows`);
}

interface Texts {
  columns: string[];
  rows: string[][];
  /** Whether a column holds numbers, which are aligned right. */
  numeric: boolean[];
  /** Whether a column's cells stay on one line: numbers and times. */
  unbroken: boolean[];
}

function formatTexts({ columns, rows }: Grid, decimals: TableOptions["decimals"]): Texts {
  const formats = columns.map((name, i) => {
    const values = rows.map((row) => row[i]).filter((value) => value !== null && value !== undefined);
    const numbers = values.filter((value): value is number => typeof value === "number");
    const whole = numbers.every((value) => Number.isInteger(value) || !Number.isFinite(value));
    const asked = typeof decimals === "number" ? decimals : decimals?.[name];
    const numeric = values.length > 0 && numbers.length === values.length;
    const unbroken = numeric || values.every((value) => value instanceof Date);
    return { numeric, unbroken, places: whole ? 0 : (asked ?? DECIMALS) };
  });
  return {
    columns,
    rows: rows.map((row) => row.map((value, i) => cellText(value, formats[i]?.places))),
    numeric: formats.map(({ numeric }) => numeric),
    unbroken: formats.map(({ unbroken }) => unbroken),
  };
}

const LINE = `border-bottom:1px solid ${RULE}`;
/** JupyterLab's striped rows would cover the shadows. */
const ROW = '<tr style="background:none">';

function markup({ columns, rows, numeric, unbroken }: Texts, caption: string | undefined, note: string): string {
  const side = (at: number) =>
    `text-align:${numeric[at] ? "right" : "left"};padding:4px 10px;${LINE}${unbroken[at] ? ";white-space:nowrap" : ""}`;
  const cells = (tag: string, row: string[], more: string) =>
    row.map((cell, i) => `<${tag}${more} style="${side(i)}">${escapeHtml(cell)}</${tag}>`).join("");
  const head = `<thead>${ROW}${cells("th", columns, ' scope="col"')}</tr></thead>`;
  const body = rows.map((row) => `${ROW}${cells("td", row, "")}</tr>`).join("");
  const above =
    caption === undefined ? "" : `<caption style="text-align:left;padding:4px 10px">${escapeHtml(caption)}</caption>`;
  const below = note === "" ? "" : `<p style="color:${QUIET_TEXT};margin:4px 10px">${escapeHtml(note)}</p>`;
  const table = `<table style="border-collapse:collapse">${above}${head}<tbody>${body}</tbody></table>`;
  // Focusable, so that the arrow keys scroll it.
  const region = `tabindex="0" role="region" aria-label="${escapeHtml(caption ?? "table")}"`;
  return `<div ${region} style="overflow-x:auto;${SCROLL_SHADOWS}">${table}</div>${below}`;
}

function plainText(texts: Texts, caption: string | undefined, note: string): string {
  const columns = texts.columns.map(escapeLine);
  const rows = texts.rows.map((row) => row.map(escapeLine));
  const widths = columns.map((name, i) => rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), name.length));
  const line = (row: string[]) =>
    row
      .map((cell, i) => (texts.numeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [
    ...(caption === undefined ? [] : [escapeLine(caption)]),
    ...[columns, ...rows].map(line),
    ...(note === "" ? [] : [note]),
  ].join("\n");
}

/** Formats a value for a cell. */
function cellText(value: unknown, decimals?: number): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return formatNumber(value, decimals);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "–" : dateText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Date and time in UTC; a time of midnight is left out. */
function dateText(date: Date): string {
  const text = date.toISOString();
  return text.slice(11, 16) === "00:00" ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}

/** Converts rows or a DataFrame to a grid. @param chosen columns to show; all if omitted */
function toGrid(source: DataFrame | readonly object[], chosen?: readonly string[]): Grid {
  const all = isFrame(source) ? frameGrid(source) : recordGrid(source as readonly Record<string, unknown>[]);
  if (chosen === undefined) return all;
  const places = chosen.map((name) => all.columns.indexOf(name));
  return { columns: [...chosen], rows: all.rows.map((row) => places.map((i) => row[i])) };
}

function isFrame(source: object): source is DataFrame {
  return !Array.isArray(source) && "columns" in source && "values" in source;
}

/** A DataFrame or a Series as a grid; an index that differs from the row numbers becomes the first column. */
function frameGrid({ columns, values, index }: DataFrame): Grid {
  const rows = (values as unknown[]).map((row) => (Array.isArray(row) ? row : [row]));
  const counted = index.every((name, i) => name === i);
  if (counted) return { columns: [...columns], rows };
  return { columns: ["", ...columns], rows: rows.map((row, i) => [index[i], ...row]) };
}

function recordGrid(records: readonly Record<string, unknown>[]): Grid {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { columns, rows: records.map((record) => columns.map((name) => record[name])) };
}
