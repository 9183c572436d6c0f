import { formatNumber } from "./number";

/** Bins side by side; bin `at` reaches from `edges[at]` to `edges[at + 1]`. */
export interface Bins {
  edges: number[];
  labels: string[];
  /** Index of the bin that a value falls into. */
  binOf(value: number): number;
}

/** Absorbs rounding errors: 0.3 / 0.1 is less than 3. */
const EPSILON = 1e-9;

/** Computes bins with round edges that cover all values; integers get whole steps. @param about how many bins */
export function computeBins(values: readonly number[], about = 30): Bins {
  const { low, high, whole } = findRange(values);
  const step = roundStep((high - low) / about, whole);
  const single = whole && step === 1;
  const from = single ? low - 0.5 : Math.floor(low / step + EPSILON) * step;
  const binOf = (value: number) => Math.floor((value - from) / step + EPSILON);
  const edges = edgesTo(binOf(high), (i) => from + i * step);
  const decimals = single ? 0 : Math.max(0, -Math.floor(Math.log10(step) + EPSILON));
  const labels = edges.slice(1).map((edge) => {
    if (single) return formatNumber(edge - 0.5, 0);
    return `${formatNumber(edge - step, decimals)} to ${formatNumber(edge, decimals)}`;
  });
  return { edges, labels, binOf };
}

/** Computes bins of equal width on a logarithmic axis, a few per power of ten. @param values above 0 */
export function computeLogBins(values: readonly number[], about = 30): Bins {
  const { low, high } = findRange(values.map(Math.log10));
  const perDecade = [1, 2, 5, 10, 20].reduce((best, next) => (next * (high - low) <= about ? next : best), 1);
  const from = Math.floor(low * perDecade + EPSILON);
  const binOf = (value: number) => Math.floor(Math.log10(value) * perDecade + EPSILON) - from;
  const edges = edgesTo(binOf(10 ** high), (i) => 10 ** ((from + i) / perDecade));
  const short = (value: number) => formatNumber(Number(value.toPrecision(2)));
  const labels = edges.slice(1).map((edge, i) => `${short(edges[i] ?? 0)} to ${short(edge)}`);
  return { edges, labels, binOf };
}

/** Counts the values in each bin. */
export function countIn(values: readonly number[], { labels, binOf }: Bins): number[] {
  const counts = labels.map(() => 0);
  for (const value of values) {
    const at = binOf(value);
    if (at in counts) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function findRange(values: readonly number[]): { low: number; high: number; whole: boolean } {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { low: 0, high: 0, whole: true };
  const low = finite.reduce((least, value) => Math.min(least, value));
  const high = finite.reduce((most, value) => Math.max(most, value));
  return { low, high, whole: finite.every(Number.isInteger) };
}

const edgesTo = (last: number, edge: (at: number) => number): number[] =>
  Array.from({ length: last + 2 }, (_, i) => edge(i));

/** The nearest round step: 1, 2, 5, 10, 20, 50, … or .5, .2, .1, … */
function roundStep(wanted: number, whole: boolean): number {
  if (!(wanted > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const far = (step: number) => Math.abs(Math.log(step / wanted));
  const step = [1, 2, 5, 10]
    .map((factor) => factor * power)
    .reduce((best, next) => (far(next) < far(best) ? next : best));
  return whole ? Math.max(1, step) : step;
}
