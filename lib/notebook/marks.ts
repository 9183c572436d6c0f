import { PAPER, QUIET, THEME } from "./template";
import type { Layout, Mark } from "./trace";

const LINE = { color: QUIET, width: 1.5, dash: "dot" };
/**
 * Gives text a halo in the page's colour; a background would hide the lines behind it. A page that does not define its
 * colour gets no halo, since Plotly's own is grey on a dark page.
 */
const HALO = ["0 0 1px", "0 0 2px", "0 0 3px"].map((blur) => `${blur} var(${THEME[PAPER]}, transparent)`).join(", ");
const TEXT = { showarrow: false, font: { size: 12, color: QUIET, shadow: HALO } };

/** Draws dotted lines across a plot, each with its label at the end. */
export function drawMarks(
  marks: readonly Mark[],
  { logX, logY }: { logX: boolean; logY: boolean },
): { shapes: Layout[]; annotations: Layout[] } {
  const parts = marks.flatMap((mark) => [
    ...(mark.x === undefined ? [] : [upright(mark.x, mark.label, logX)]),
    ...(mark.y === undefined ? [] : [level(mark.y, mark.label, logY)]),
  ]);
  const annotations = parts.flatMap(({ annotation }) => annotation);
  return { shapes: parts.map(({ shape }) => shape), annotations };
}

function upright(x: number, label: string | undefined, log: boolean) {
  const place = { xref: "x", yref: "paper" };
  // On a logarithmic axis, Plotly expects an annotation's position as its logarithm, but a shape's as the value itself.
  const at = { x: log ? Math.log10(x) : x, y: 1, xanchor: "left", yanchor: "top" };
  return {
    shape: { ...place, type: "line", x0: x, x1: x, y0: 0, y1: 1, line: LINE },
    annotation: label === undefined ? [] : [{ ...TEXT, ...place, ...at, text: label }],
  };
}

function level(y: number, label: string | undefined, log: boolean) {
  const place = { xref: "paper", yref: "y" };
  const at = { x: 1, y: log ? Math.log10(y) : y, xanchor: "right", yanchor: "bottom" };
  return {
    shape: { ...place, type: "line", x0: 0, x1: 1, y0: y, y1: y, line: LINE },
    annotation: label === undefined ? [] : [{ ...TEXT, ...place, ...at, text: label }],
  };
}
