import { type Figure, figure } from "./figure";
import type { Layout, Trace } from "./trace";

/** How plots are put together. */
export interface SubplotOptions {
  columns?: number;
  title?: string;
  /** Of one row, in pixels. */
  height?: number;
}

const GAP = { x: 0.1, y: 0.16 };

interface Place {
  /** "" for the first, then "2", "3", … as Plotly numbers axes. */
  suffix: string;
  x: [number, number];
  y: [number, number];
}

/** Several plots in one figure, row by row, each with its title above it. */
export function subplots(figures: readonly Figure[], options: SubplotOptions = {}): Figure {
  const { columns = 2, title, height = 340 } = options;
  const rows = Math.ceil(figures.length / columns);
  const parts = figures.map((part, at) => placed(part, placeOf(at, Math.min(columns, figures.length), rows)));
  const axes = Object.assign({}, ...parts.map(({ axes }) => axes)) as Layout;
  return figure(
    parts.flatMap(({ traces }) => traces),
    {
      ...axes,
      ...(title === undefined ? {} : { title: { text: title } }),
      annotations: parts.flatMap(({ annotations }) => annotations),
      shapes: parts.flatMap(({ shapes }) => shapes),
      ...{ height: height * rows, showlegend: figures.some(({ layout }) => layout.showlegend === true) },
      ...{
        barmode: figures.find(({ layout }) => layout.barmode !== undefined)?.layout.barmode ?? "group",
        bargap: 0.1,
      },
    },
  );
}

function placeOf(at: number, columns: number, rows: number): Place {
  const [column, row] = [at % columns, Math.floor(at / columns)];
  const width = (1 - GAP.x * (columns - 1)) / columns;
  const high = (1 - GAP.y * (rows - 1)) / rows;
  const left = column * (width + GAP.x);
  const top = 1 - row * (high + GAP.y);
  return { suffix: at === 0 ? "" : String(at + 1), x: [left, left + width], y: [top - high, top] };
}

function placed({ traces, layout }: Figure, { suffix, x, y }: Place) {
  const [xName, yName] = [`x${suffix}`, `y${suffix}`];
  const moved = (item: Layout): Layout => {
    const onX = item.xref === "paper" ? { xref: `${xName} domain` } : { xref: xName };
    const onY = item.yref === "paper" ? { yref: `${yName} domain` } : { yref: yName };
    return { ...item, ...onX, ...onY };
  };
  const list = (value: unknown) => (Array.isArray(value) ? (value as Layout[]) : []).map(moved);
  return {
    traces: traces.map((trace): Trace => ({ ...trace, xaxis: xName, yaxis: yName })),
    axes: {
      [`xaxis${suffix}`]: { ...(layout.xaxis as object), domain: x, anchor: yName },
      [`yaxis${suffix}`]: { ...(layout.yaxis as object), domain: y, anchor: xName },
    },
    annotations: [...list(layout.annotations), ...titleAbove(layout, x, y)],
    shapes: list(layout.shapes),
  };
}

function titleAbove({ title }: Layout, x: [number, number], y: [number, number]): Layout[] {
  const text = (title as { text?: string } | undefined)?.text;
  if (text === undefined) return [];
  const place = { xref: "paper", yref: "paper", x: x[0], y: y[1], xanchor: "left", yanchor: "bottom", yshift: 6 };
  return [{ ...place, text, showarrow: false, font: { size: 14 } }];
}
