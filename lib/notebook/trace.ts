/** A trace as Plotly takes it; typed arrays are allowed. */
export type Trace = Record<string, unknown>;
/** A layout as Plotly takes it. */
export type Layout = Record<string, unknown>;

/** Options of all plots. */
export interface PlotOptions {
  title?: string;
  /** Title of an axis, with its unit. */
  x?: string;
  y?: string;
  /** Height in pixels. */
  height?: number;
  logX?: boolean;
  logY?: boolean;
  rangeX?: readonly [number, number];
  rangeY?: readonly [number, number];
  /** Lines across the plot, such as chance at y 0.5. */
  marks?: readonly Mark[];
}

/** A dotted line across a plot, at an x or a y. */
export interface Mark {
  x?: number;
  y?: number;
  label?: string;
}
