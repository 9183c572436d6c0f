/** Okabe and Ito's colours, in an order that keeps neighbours apart for colour-blind readers too. */
export const COLOURS = [
  ...["#0072b2", "#d55e00", "#009e73", "#cc79a7"],
  ...["#e69f00", "#56b4e9", "#7f7f7f", "#b8a800"],
] as const;

/** Colours with a meaning. */
export const TONES = { good: "#00795a", bad: "#b94e00", neutral: "#5f6b7a" } as const;

/** Of what stands back: notes, marks. */
export const QUIET = "#5f6b7a";

/** The colour of the n-th of several. */
export const colourOf = (at: number): string => COLOURS[at % COLOURS.length] ?? COLOURS[0];

/** Cividis: from few to many, readable in grey and without red or green. */
const SCALE = [
  [0, "#00224e"],
  [0.25, "#404c6b"],
  [0.5, "#7c7b78"],
  [0.75, "#b9ac70"],
  [1, "#fee838"],
];

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const AXIS = {
  ...{ automargin: true, gridcolor: "#e8ebee", linecolor: "#c3cad2", zeroline: false, showline: true },
  ...{ ticks: "outside", tickcolor: "#c3cad2", ticklen: 4, separatethousands: true, exponentformat: "none" },
  title: { standoff: 10, font: { size: 13 } },
};

/** Above the plot, in a row. */
export const LEGEND = {
  orientation: "h",
  xanchor: "left",
  yanchor: "bottom",
  traceorder: "normal",
  itemsizing: "constant",
};

/** How all our figures look: calm colours, readable letters, narrow margins. */
export const TEMPLATE = {
  layout: {
    font: { family: FONT, size: 13, color: "#24292f" },
    title: { x: 0.01, xanchor: "left", yref: "container", y: 1, yanchor: "top", pad: { t: 12 }, font: { size: 16 } },
    ...{ paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", colorway: COLOURS, separators: ".," },
    colorscale: { sequential: SCALE, sequentialminus: SCALE },
    ...{ xaxis: AXIS, yaxis: AXIS, hovermode: "closest" },
    hoverlabel: { align: "left", font: { family: FONT, size: 13 }, namelength: -1 },
    legend: { ...LEGEND, x: 0, y: 1.01 },
  },
};

/** No toolbar: the pointer zooms, a double click takes it back. */
export const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true };
