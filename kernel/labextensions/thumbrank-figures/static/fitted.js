const TITLE_LINE_PX = 21;
const LEGEND_LINE_PX = 20;
/** The line and the gaps of an entry of a legend. */
const LEGEND_KEY_PX = 45;
/** Between plots below one another: an axis with its title, then the next plot's title. */
const GAP_PX = 112;
/** Plots side by side that would be narrower than this go below one another. */
const LEAST_PLOT_PX = 300;
const SIDES_PX = 24;

/** A layout for a width in pixels: plots below one another and titles in several lines where that is too narrow. */
export function fitted(layout, data, width) {
  const placed = { ...layout, width, autosize: false };
  return titled(stacked(placed, data), data, width);
}

/** The title in as many lines as it needs, above a legend of as many. */
function titled(layout, data, width) {
  const { title, template, margin, height } = layout;
  if (typeof title?.text !== "string") return layout;
  const font = {
    size: 16,
    family: "sans-serif",
    ...template?.layout?.font,
    ...template?.layout?.title?.font,
    ...title.font,
  };
  const lines = broken(title.text, width - SIDES_PX, font);
  const inner = width - (margin?.l ?? 80) - (margin?.r ?? 80);
  const isListed = layout.showlegend === true && plotsOf(layout).length < 2;
  const rows = isListed ? legendRows(data, inner, { ...font, size: template?.layout?.font?.size ?? 13 }) : 0;
  const more = (lines.length - 1) * TITLE_LINE_PX + Math.max(0, rows - 1) * LEGEND_LINE_PX;
  return {
    ...layout,
    title: { ...title, text: lines.join("<br>") },
    height: height + more,
    margin: { ...margin, t: (margin?.t ?? 100) + more },
  };
}

/** Words in lines of at most that width. */
function broken(text, width, font) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, font) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const canvas = document.createElement("canvas").getContext("2d");

/** Of a text in pixels; an escaped sign counts as a wide one. */
function widthOf(text, { size, family }) {
  canvas.font = `${size}px ${family}`;
  return canvas.measureText(text.replace(/&#\d+;/g, "m")).width;
}

/** Plots that stand side by side, below one another where they would be too narrow. */
function stacked(layout, data) {
  const { margin = {}, height, template } = layout;
  const plots = plotsOf(layout);
  const inner = layout.width - (margin.l ?? 80) - (margin.r ?? 80);
  const narrowest = Math.min(...plots.map(({ x: [from, to] }) => (to - from) * layout.width));
  if (plots.length < 2 || narrowest >= LEAST_PLOT_PX) return layout;
  const [top, bottom] = [margin.t ?? 100, margin.b ?? 80];
  const plotPx = (plots[0].y[1] - plots[0].y[0]) * (height - top - bottom);
  const font = { size: 13, family: "sans-serif", ...template?.layout?.font };
  const rows = plots.map(({ legend }) =>
    legendRows(
      data.filter((trace) => trace.legend === legend),
      inner,
      font,
    ),
  );
  const titles = plots.map(({ x, y }) => {
    const title = layout.annotations?.find((note) => isTitle(note, x, y));
    return title === undefined ? [] : broken(title.text, inner, { ...font, ...title.font });
  });
  // A legend of several lines moves its title up, and a title of several lines needs room of its own.
  const lifted = rows.map((count) => Math.max(0, count - 1) * LEGEND_LINE_PX);
  const above = lifted.map((lift, at) => lift + Math.max(0, titles[at].length - 1) * TITLE_LINE_PX);
  const total = plots.reduce((sum, _, at) => sum + plotPx + (at > 0 ? GAP_PX + above[at] : 0), 0);
  const moved = { ...layout, annotations: [...(layout.annotations ?? [])] };
  let ceiling = total;
  for (const [at, { axis, yAxis, legend, x, y }] of plots.entries()) {
    if (at > 0) ceiling -= GAP_PX + above[at];
    const place = [(ceiling - plotPx) / total, ceiling / total];
    moved[axis] = { ...layout[axis], domain: [0, 1] };
    moved[yAxis] = { ...layout[yAxis], domain: place };
    if (layout[legend] !== undefined) moved[legend] = { ...layout[legend], x: 0, y: place[1] };
    moved.annotations = moved.annotations.map((note, index) =>
      isTitle(layout.annotations[index], x, y)
        ? {
            ...note,
            text: titles[at].join("<br>"),
            align: "left",
            x: 0,
            y: place[1],
            yshift: (note.yshift ?? 0) + lifted[at],
          }
        : note,
    );
    ceiling -= plotPx;
  }
  return { ...moved, height: total + top + bottom + above[0], margin: { ...margin, t: top + above[0] } };
}

/** The plots of a layout whose axes say where they stand. */
function plotsOf(layout) {
  const numbers = Object.keys(layout).flatMap((key) => /^xaxis(\d*)$/.exec(key)?.[1] ?? []);
  return numbers
    .filter((n) => layout[`xaxis${n}`].domain !== undefined && layout[`yaxis${n}`]?.domain !== undefined)
    .sort((a, b) => Number(a) - Number(b))
    .map((n) => ({
      axis: `xaxis${n}`,
      yAxis: `yaxis${n}`,
      legend: `legend${n}`,
      x: layout[`xaxis${n}`].domain,
      y: layout[`yaxis${n}`].domain,
    }));
}

const isTitle = (note, x, y) => note.xref === "paper" && note.yref === "paper" && note.x === x[0] && note.y === y[1];

/** How many lines Plotly takes for a legend: one, or columns as wide as the widest entry. */
function legendRows(traces, width, font) {
  const widths = traces.filter(({ showlegend }) => showlegend !== false).map(({ name }) => widthOf(name ?? "", font));
  if (widths.length === 0) return 0;
  const wide = widths.map((text) => text + LEGEND_KEY_PX);
  if (wide.reduce((sum, one) => sum + one, 0) <= width) return 1;
  return Math.ceil(wide.length / Math.max(1, Math.floor(width / Math.max(...wide))));
}
