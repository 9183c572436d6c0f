import { formatNumber } from "./number";

/** Bins of one width. */
export interface Bins {
  from: number;
  step: number;
  centres: number[];
  labels: string[];
}

/** Bins with round edges that hold all values; integers keep whole steps. */
export function binsOf(values: readonly number[], about = 30): Bins {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (finite.length === 0) return { from: 0, step: 1, centres: [], labels: [] };
  const whole = finite.every(Number.isInteger);
  const step = roundStep((high - low) / about, whole);
  const single = whole && step === 1;
  const from = single ? low - 0.5 : Math.floor(low / step) * step;
  const count = Math.floor((high - from) / step + 1e-9) + 1;
  const edge = (at: number) => from + at * step;
  const indices = Array.from({ length: count }, (_, at) => at);
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const show = (value: number) => formatNumber(value, decimals);
  return {
    from,
    step,
    centres: indices.map((at) => edge(at) + step / 2),
    labels: indices.map((at) => (single ? formatNumber(low + at) : `${show(edge(at))} to ${show(edge(at + 1))}`)),
  };
}

/** How many values fall into each bin. */
export function countIn(values: readonly number[], { from, step, centres }: Bins): number[] {
  const counts = centres.map(() => 0);
  for (const value of values) {
    const at = Math.floor((value - from) / step + 1e-9);
    if (at >= 0 && at < counts.length) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** The next of 1, 2, 5, 10, 20, 50, … or of .5, .2, .1, … */
function roundStep(least: number, whole: boolean): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least * 0.999) ?? least;
  return whole ? Math.max(1, step) : step;
}
