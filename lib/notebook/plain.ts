import { escapeLabel } from "./label";

/** Keys whose texts are formats of the author, not data. */
const isFormat = (key: string) => /(template|format|dash)$/.test(key);

/**
 * A value as Plotly's JSON may hold it: typed arrays become lists, numbers that JSON lacks become null, and every text
 * is escaped, since Plotly reads a kind of HTML in each.
 */
export function plain(value: unknown, key = ""): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string") return isFormat(key) ? value : escapeLabel(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) || isTyped(value))
    return Array.from(value as ArrayLike<unknown>, (item) => plain(item, key));
  if (value === null || typeof value !== "object") return value ?? null;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([name, inner]) => [name, plain(inner, name)]));
}

const isTyped = (value: unknown): boolean => ArrayBuffer.isView(value) && !(value instanceof DataView);
