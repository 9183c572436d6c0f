import type { Estimate } from "./bootstrap";

/** Shown instead of an undefined figure. */
const NOTHING = "–";

/** Formats a figure with three decimals by default, such as "0.532"; a dash if it is not defined. */
export function decimal(value: number, digits = 3): string {
  return Number.isNaN(value) ? NOTHING : value.toFixed(digits).replace("-", "−");
}

/** Formats a difference with its sign, such as "+0.021". */
export function signed(value: number): string {
  return value >= 0 ? `+${decimal(value)}` : decimal(value);
}

/** Formats the bounds of an interval, such as "0.490 to 0.570"; empty if there is none. */
export function bounds({ low, high }: Estimate, show: (value: number) => string = decimal): string {
  return Number.isNaN(low) ? "" : `${show(low)} to ${show(high)}`;
}

/** Formats a probability in whole percent; never 0 % or 100 %, since no model can be that certain. */
export function percent(probability: number): string {
  if (probability < 0.01) return "under 1 %";
  return probability > 0.99 ? "over 99 %" : `${decimal(100 * probability, 0)} %`;
}

/** Formats a count with a thousands separator, such as "13,204". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Formats a count with its noun, such as "1 pair" or "13,204 pairs". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Whether the model differs from a baseline by more than chance explains. */
export function verdictOnAdvantage({ value, low, high }: Estimate): string {
  if (Number.isNaN(value)) return "not compared";
  if (Number.isNaN(low)) return "too few channels to tell";
  if (low > 0) return "model is better";
  return high < 0 ? "model is worse" : "not told apart";
}
