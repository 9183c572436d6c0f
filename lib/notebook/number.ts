const LOCALE = "en-US";
const MOST_DECIMALS = 20;

/** A number for people: integers as integers, thousands separated, decimals fixed where they are given. */
export function formatNumber(value: number, decimals?: number): string {
  if (!Number.isFinite(value)) return "–";
  const fixed = Math.min(MOST_DECIMALS, decimals ?? (Number.isInteger(value) ? 0 : 3));
  return value.toLocaleString(LOCALE, { minimumFractionDigits: fixed, maximumFractionDigits: fixed });
}
