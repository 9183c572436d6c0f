import { QUIET } from "./template";
import type { Layout } from "./trace";

/** A quiet remark below a plot, at its right end. */
export function noteAt(text: string): Layout {
  return {
    text,
    xref: "paper",
    yref: "paper",
    x: 1,
    y: 0,
    xanchor: "right",
    yanchor: "top",
    yshift: -26,
    showarrow: false,
    font: { size: 11, color: QUIET },
  };
}
