import { DISPLAY, type Displayable, type MimeBundle } from "./mime";
import { plain } from "./plain";
import { summary } from "./summary";
import { CONFIG, TEMPLATE } from "./template";
import { thin } from "./thin";
import type { Layout, Trace } from "./trace";

/** A plot: shown by Plotly, and in logs as a line of text. */
export interface Figure extends Displayable {
  readonly traces: readonly Trace[];
  readonly layout: Layout;
}

const HEIGHT = 340;

/**
 * Any plot of Plotly in our style: the general door. Every text in it is shown as it is; only formats
 * (`hovertemplate`, `tickformat`) are read.
 */
export function figure(traces: readonly Trace[], layout: Layout = {}): Figure {
  const thinned = thin(traces);
  const full: Layout = {
    template: TEMPLATE,
    height: HEIGHT,
    autosize: true,
    ...layout,
    ...noted(layout, thinned.note),
  };
  return {
    traces: thinned.traces,
    layout: full,
    [DISPLAY]: (): MimeBundle => ({
      "application/vnd.plotly.v1+json": { data: plain(thinned.traces), layout: plain(full), config: CONFIG },
      "text/plain": summary(traces, full),
    }),
  };
}

/** The layout's annotations with a note of what is not drawn. */
function noted({ annotations }: Layout, text: string | null): Layout {
  if (text === null) return {};
  const place = { xref: "paper", yref: "paper", x: 1, y: 1, xanchor: "right", yanchor: "bottom", showarrow: false };
  const note = { ...place, text, font: { size: 11, color: "#5f6b7a" } };
  return { annotations: [...(Array.isArray(annotations) ? annotations : []), note] };
}
