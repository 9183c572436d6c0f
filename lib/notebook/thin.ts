import { formatNumber } from "./number";
import type { Trace } from "./trace";

/** More points than this make a notebook slow and heavy. */
const MOST_POINTS = 20_000;
/** A trace this short costs nothing, and may be a line of two points. */
const SHORT = 1_000;

/** Traces with few enough points to draw, and a note of what was left out. */
export function thin(traces: readonly Trace[], most = MOST_POINTS): { traces: readonly Trace[]; note: string | null } {
  const long = traces.filter((trace) => pointsOf(trace) > SHORT);
  const total = sum(long);
  if (total <= most) return { traces, note: null };
  const every = Math.ceil(total / most);
  const thinned = traces.map((trace) => (long.includes(trace) ? thinTrace(trace, every) : trace));
  return { traces: thinned, note: `${formatNumber(sum(thinned))} of ${formatNumber(sum(traces))} points drawn` };
}

const sum = (traces: readonly Trace[]) => traces.reduce((all, trace) => all + pointsOf(trace), 0);

/** How many points a trace has. */
export function pointsOf({ x, y, values }: Trace): number {
  return Math.max(...[x, y, values].map((list) => (isList(list) ? list.length : 0)));
}

/** Each `every`th item of all lists that go by point, also within marker, error bars and the like. */
function thinTrace(trace: Trace, every: number): Trace {
  const points = pointsOf(trace);
  const visit = (value: unknown): unknown => {
    if (isList(value)) return value.length === points ? Array.from(value).filter((_, i) => i % every === 0) : value;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(trace) as Trace;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
