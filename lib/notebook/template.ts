/**
 * Okabe and Ito's colours, the light ones darkened until each is legible on white and on JupyterLab's dark theme (3:1
 * at least), in an order that keeps neighbours distinguishable for colour-blind readers too.
 */
export const COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#c46f9f",
  "#b87f00",
  "#2f8fcb",
  "#7f7f7f",
  "#8f8300",
] as const;

/** Colours that carry a meaning. */
export const TONES = { good: "#00795a", bad: "#b94e00", neutral: "#5f6b7a" } as const;

/** Text of a figure: a mid tone, legible even if it is not replaced by the theme's colour. */
export const INK = "#6e7681";

/** Secondary parts of a figure: notes, marks. */
export const QUIET = "#717883";

/** Background of a figure; transparent unless it is replaced by the theme's colour. */
export const PAPER = "rgba(255,255,255,0)";

/**
 * Maps colours of a figure to JupyterLab's, which replace them when the figure is drawn. It is passed next to the
 * layout: inside it, Plotly would treat it as `meta` and read every text as a template.
 */
export const THEME = { [INK]: "--jp-ui-font-color1", [QUIET]: "--jp-ui-font-color2", [PAPER]: "--jp-layout-color0" };

/** The colour of the n-th series, from 0. */
export const colourOf = (at: number): string => COLOURS[at % COLOURS.length] ?? COLOURS[0];

/** Cividis, from low to high: readable in greyscale and without telling red from green. */
const SCALE = [
  [0, "#00224e"],
  [0.25, "#404c6b"],
  [0.5, "#7c7b78"],
  [0.75, "#b9ac70"],
  [1, "#fee838"],
];

const CLEAR = "rgba(0,0,0,0)";
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const GRID = "rgba(128,136,146,0.25)";
const LINE = "rgba(128,136,146,0.6)";
const AXIS = {
  automargin: true,
  gridcolor: GRID,
  linecolor: LINE,
  zeroline: false,
  showline: true,
  ticks: "outside",
  tickcolor: LINE,
  ticklen: 4,
  separatethousands: true,
  exponentformat: "none",
  title: { standoff: 10, font: { size: 13 } },
};

/** The legend, in a row above the plot. */
export const LEGEND = {
  orientation: "h",
  xanchor: "left",
  yanchor: "bottom",
  traceorder: "normal",
  itemsizing: "constant",
};

/** The style of all our figures: calm colours, readable text, narrow margins, a transparent background. */
export const TEMPLATE = {
  layout: {
    font: { family: FONT, size: 13, color: INK },
    title: { x: 0.01, xanchor: "left", yref: "container", y: 1, yanchor: "top", pad: { t: 12 }, font: { size: 16 } },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    colorway: COLOURS,
    separators: ".,",
    colorscale: { sequential: SCALE, sequentialminus: SCALE },
    xaxis: AXIS,
    yaxis: AXIS,
    hovermode: "closest",
    hoverlabel: {
      align: "left",
      namelength: -1,
      bgcolor: "#24292f",
      font: { family: FONT, size: 13, color: "#ffffff" },
    },
    legend: { ...LEGEND, x: 0, y: 1.01 },
  },
};

/**
 * No toolbar: dragging zooms, and a double click resets. Not `responsive`: Plotly would then take the height from the
 * surrounding element, which in a notebook has none; JupyterLab's renderer adapts the width by itself.
 */
export const CONFIG = { displayModeBar: false, displaylogo: false };
