import { DISPLAY, type Displayable, type MimeBundle } from "./mime";
import { noteAt } from "./note";
import { plain } from "./plain";
import { summary } from "./summary";
import { CONFIG, TEMPLATE, THEME } from "./template";
import { thin } from "./thin";
import type { Layout, Trace } from "./trace";

/** A plot: shown by Plotly, and in logs as a line of text. */
export interface Figure extends Displayable {
  readonly traces: readonly Trace[];
  readonly layout: Layout;
}

const HEIGHT = 340;

/**
 * Any plot of Plotly in our style: the general door. Every text in it is shown as it is, and a new line in it as one;
 * only templates and formats (`hovertemplate`, `tickformat`) are read by Plotly. Beyond 20,000 points it is thinned and
 * says so.
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
    margin: { ...marginOf(layout), ...(layout.margin as object) },
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

/** Room above for what stands there: the title, then the legend. */
function marginOf({ title, showlegend }: Layout): Layout {
  return { l: 56, r: 20, b: 48, t: 16 + (title === undefined ? 0 : 28) + (showlegend === true ? 24 : 0) };
}
