import { formatNumber } from "./number";

/** A value as a cell of a table shows it. */
export function cellText(value: unknown, decimals?: number): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return formatNumber(value, decimals);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "–" : dateText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Date and time in UTC; midnight is left out. */
function dateText(date: Date): string {
  const text = date.toISOString();
  return text.slice(11, 16) === "00:00" ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}
