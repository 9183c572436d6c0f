import { type Figure, figure } from "./figure";
import { LEGEND } from "./template";
import type { Layout, Trace } from "./trace";

/** How plots are arranged. */
export interface SubplotOptions {
  columns?: number;
  title?: string;
  /** Height of one row, in pixels. */
  height?: number;
}

const GAP_X = 0.09;
/** Gap between rows in pixels: room for an axis with its title, then the next plot's title and legend. */
const GAP_PX = 120;
const LEGEND_PX = 22;

interface Place {
  /** "" for the first, then "2", "3", … as Plotly numbers axes. */
  suffix: string;
  x: [number, number];
  y: [number, number];
}

/** Combines several plots in one figure, row by row, each with its title and legend above it. */
export function subplots(figures: readonly Figure[], options: SubplotOptions = {}): Figure {
  const { title, height = 340 } = options;
  const columns = Math.min(options.columns ?? 2, Math.max(1, figures.length));
  const rows = Math.ceil(figures.length / columns);
  const parts = figures.map((part, i) => placed(part, computePlace(i, columns, rows, GAP_PX / (height * rows))));
  const above = figures.some(hasLegend) ? 32 + LEGEND_PX : 32;
  return figure(
    parts.flatMap(({ traces }) => traces),
    {
      ...Object.assign({}, ...parts.map(({ layout }) => layout)),
      ...(title === undefined ? {} : { title: { text: title } }),
      annotations: parts.flatMap(({ annotations }) => annotations),
      shapes: parts.flatMap(({ shapes }) => shapes),
      margin: { t: above + (title === undefined ? 0 : 30) },
      height: height * rows,
      showlegend: figures.some(hasLegend),
      ...barLayout(figures),
    },
  );
}

const hasLegend = ({ layout }: Figure) => layout.showlegend === true;

/** Plotly has one bar mode for the whole figure, so the first plot with bars decides. */
function barLayout(figures: readonly Figure[]): Layout {
  const barred = figures.find(({ layout }) => layout.barmode !== undefined);
  return barred === undefined ? {} : { barmode: barred.layout.barmode, bargap: barred.layout.bargap };
}

function computePlace(at: number, columns: number, rows: number, gapY: number): Place {
  const column = at % columns;
  const row = Math.floor(at / columns);
  const width = (1 - GAP_X * (columns - 1)) / columns;
  const high = (1 - gapY * (rows - 1)) / rows;
  const left = column * (width + GAP_X);
  const top = 1 - row * (high + gapY);
  return { suffix: at === 0 ? "" : String(at + 1), x: [left, left + width], y: [top - high, top] };
}

function placed(part: Figure, { suffix, x, y }: Place) {
  const { traces, layout } = part;
  const xName = `x${suffix}`;
  const yName = `y${suffix}`;
  const legend = `legend${suffix}`;
  const moved = (item: Layout): Layout => ({
    ...item,
    xref: item.xref === "paper" ? `${xName} domain` : xName,
    yref: item.yref === "paper" ? `${yName} domain` : yName,
  });
  const list = (value: unknown) => (Array.isArray(value) ? (value as Layout[]) : []).map(moved);
  const listed = hasLegend(part) ? { legend } : { showlegend: false };
  return {
    traces: traces.map((trace): Trace => ({ ...listed, ...trace, xaxis: xName, yaxis: yName })),
    layout: {
      [`xaxis${suffix}`]: { ...(layout.xaxis as object), domain: x, anchor: yName },
      [`yaxis${suffix}`]: { ...(layout.yaxis as object), domain: y, anchor: xName },
      ...(hasLegend(part) ? { [legend]: { ...LEGEND, x: x[0], y: y[1] } } : {}),
    },
    annotations: [...list(layout.annotations), ...titleAbove(part, x[0], y[1])],
    shapes: list(layout.shapes),
  };
}

function titleAbove(part: Figure, x: number, y: number): Layout[] {
  const text = (part.layout.title as { text?: string } | undefined)?.text;
  if (text === undefined) return [];
  const yshift = hasLegend(part) ? 4 + LEGEND_PX : 4;
  const place = { xref: "paper", yref: "paper", x, y, xanchor: "left", yanchor: "bottom", yshift };
  return [{ ...place, text, showarrow: false, font: { size: 14 } }];
}
