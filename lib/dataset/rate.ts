const RATE = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d{1,3})?) ?(%?)$/i;

/** A rate as tables write it: 0.043, 0,043, 4.3e-2, 4.3 %. @returns NaN for what is none */
export function rateOf(text: string): number {
  const [, number, percent] = RATE.exec(text.trim()) ?? [];
  return Number(number?.replace(",", ".") ?? Number.NaN) / (percent ? 100 : 1);
}
