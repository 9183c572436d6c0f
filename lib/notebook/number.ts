const LOCALE = "en-US";
const MOST_DECIMALS = 20;

/** Formats a number for people: thousands separated; `decimals` if given, else none for integers and 3 for others. */
export function formatNumber(value: number, decimals?: number): string {
  if (!Number.isFinite(value)) return "–";
  const fixed = Math.min(MOST_DECIMALS, decimals ?? (Number.isInteger(value) ? 0 : 3));
  return value.toLocaleString(LOCALE, { minimumFractionDigits: fixed, maximumFractionDigits: fixed });
}
