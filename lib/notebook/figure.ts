import { escapeLabel } from "./label";
import { noteAt } from "./layout";
import { DISPLAY, type Displayable, type MimeBundle } from "./mime";
import { formatNumber } from "./number";
import { CONFIG, TEMPLATE, THEME } from "./template";
import type { Layout, Trace } from "./trace";

/** A plot: drawn by Plotly, and one line of text in logs. */
export interface Figure extends Displayable {
  readonly traces: readonly Trace[];
  readonly layout: Layout;
}

const HEIGHT = 340;

/** With more points than this, a notebook becomes slow and heavy. */
const MOST_POINTS = 20_000;
/** Traces up to this length are never thinned: they cost nothing, and may be a line of two points. */
const SHORT = 1_000;

/**
 * Draws any Plotly plot in our style. Texts are shown literally, with their line breaks; Plotly interprets only
 * templates and formats (`hovertemplate`, `tickformat`). A plot of more than 20,000 points is thinned, and says so.
 */
export function figure(traces: readonly Trace[], layout: Layout = {}): Figure {
  const drawn = thin(traces);
  const { annotations } = layout;
  const notes = drawn.note === null ? [] : [noteAt(drawn.note)];
  const full: Layout = {
    template: TEMPLATE,
    height: HEIGHT,
    autosize: true,
    ...layout,
    margin: { ...computeMargin(layout), ...(layout.margin as object) },
    ...(notes.length > 0 ? { annotations: [...(Array.isArray(annotations) ? annotations : []), ...notes] } : {}),
  };
  return {
    traces,
    layout,
    [DISPLAY]: (): MimeBundle => ({
      "application/vnd.plotly.v1+json": {
        data: plain(drawn.traces),
        layout: plain(full),
        config: CONFIG,
        theme: THEME,
      },
      "text/plain": summary(traces, full),
    }),
  };
}

/** Leaves room at the top for the title and the legend below it. */
function computeMargin({ title, showlegend }: Layout): Layout {
  return { l: 56, r: 20, b: 48, t: 16 + (title === undefined ? 0 : 28) + (showlegend === true ? 24 : 0) };
}

/** Thins traces to few enough points to draw, with a note on how many are drawn; the note is null if all are. */
function thin(traces: readonly Trace[], most = MOST_POINTS): { traces: readonly Trace[]; note: string | null } {
  const long = traces.filter((trace) => countPoints(trace) > SHORT);
  const total = sum(long);
  if (total <= most) return { traces, note: null };
  const every = Math.ceil(total / most);
  const thinned = traces.map((trace) => (long.includes(trace) ? thinTrace(trace, every) : trace));
  return { traces: thinned, note: `${formatNumber(sum(thinned))} of ${formatNumber(sum(traces))} points drawn` };
}

const sum = (traces: readonly Trace[]) => traces.reduce((all, trace) => all + countPoints(trace), 0);

/** Number of points in a trace. */
export function countPoints({ x, y, values }: Trace): number {
  return Math.max(...[x, y, values].map((list) => (isList(list) ? list.length : 0)));
}

/** Keeps each `every`th item of all per-point lists, also within marker, error bars and the like. */
function thinTrace(trace: Trace, every: number): Trace {
  const points = countPoints(trace);
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

/** A one-line summary for logs: title, axes, traces and their number of points. */
function summary(traces: readonly Trace[], layout: Layout): string {
  const axes = Object.keys(layout)
    .filter((key) => /^[xy]axis\d*$/.test(key))
    .map((key) => readTitle(layout[key]))
    .filter((title) => title !== "");
  const drawn = traces.map((trace) => `${formatName(trace)}${formatNumber(countPoints(trace))} points`);
  return `[plot] ${readTitle(layout) || "untitled"}${axes.length > 0 ? ` (${axes.join(", ")})` : ""}: ${drawn.join("; ")}`;
}

const formatName = ({ name }: Trace) => (typeof name === "string" && name !== "" ? `${name} ` : "");

function readTitle(part: unknown): string {
  const { title } = (part ?? {}) as { title?: unknown };
  if (typeof title === "string") return title;
  const { text } = (title ?? {}) as { text?: unknown };
  return typeof text === "string" ? text : "";
}

/** Keys whose texts are the author's formats rather than data. */
const isFormat = (key: string) => /(template|format|dash)$/.test(key);

/**
 * Converts a value to Plotly's JSON: typed arrays become lists, NaN and Infinity become null, and every text is
 * escaped, since Plotly parses a kind of HTML in all of them.
 */
function plain(value: unknown, key = ""): unknown {
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
