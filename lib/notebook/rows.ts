import type { DataFrame } from "danfojs-node";

/** What a table shows: names of columns, and values row by row. */
export interface Grid {
  columns: string[];
  rows: unknown[][];
}

/** Rows or a DataFrame as one grid. @param chosen columns to show; all where left out */
export function gridOf(source: DataFrame | readonly object[], chosen?: readonly string[]): Grid {
  const all = isFrame(source) ? frameGrid(source) : recordGrid(source as readonly Record<string, unknown>[]);
  if (chosen === undefined) return all;
  const places = chosen.map((name) => all.columns.indexOf(name));
  return { columns: [...chosen], rows: all.rows.map((row) => places.map((i) => row[i])) };
}

function isFrame(source: object): source is DataFrame {
  return !Array.isArray(source) && "columns" in source && "values" in source;
}

/** A DataFrame or a Series; an index that says more than the row's number becomes the first column. */
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
