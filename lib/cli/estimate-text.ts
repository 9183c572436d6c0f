import type { Estimate, JsonEstimate } from "../evaluation";

/** A figure with its interval, such as "0.702 [0.681, 0.720]". */
export function estimateText(estimate: JsonEstimate | undefined): string {
  if (estimate === undefined || estimate.value === null) return "-";
  const { value, low, high } = estimate;
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

/** A difference with its sign and interval, such as "+0.021 [+0.004, +0.038]". */
export function differenceText({ value, low, high }: Estimate): string {
  const signed = (figure: number) => `${figure < 0 ? "-" : "+"}${Math.abs(figure).toFixed(3)}`;
  if (Number.isNaN(value)) return "-";
  return Number.isNaN(low) ? signed(value) : `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}
