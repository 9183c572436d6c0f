/**
 * Colours and parts of HTML outputs. The colours are those of JupyterLab's theme. A page without it, such as an
 * exported notebook, uses those of its `color-scheme`, and a browser that supports neither inherits the text's.
 */
export const TEXT = "var(--jp-ui-font-color1,light-dark(#24292f,#e6e8eb))";
/** For secondary text: notes, captions. */
export const QUIET_TEXT = "var(--jp-ui-font-color2,light-dark(#57606a,#9aa4af))";
/** Background of the page. */
export const BACKGROUND = "var(--jp-layout-color0,Canvas)";
/** Borders and rules. */
export const RULE = "var(--jp-border-color2,light-dark(#d7dde3,#4b525a))";

/** Least width of a tile; a grid uses fewer columns rather than go below it. */
const LEAST_TILE_PX = 120;

/**
 * CSS for the columns of a grid: at most `columns`, and fewer if there is no room, as on a phone.
 * @param least width of a column in pixels
 */
export function gridColumns(columns: number, gapPx: number, least = LEAST_TILE_PX): string {
  const share = `calc((100% - ${(columns - 1) * gapPx}px) / ${columns})`;
  return `repeat(auto-fill,minmax(max(min(100%,${least}px),${share}),1fr))`;
}

const SHADOW = "rgba(110,118,129,.6)";
const coverTo = (side: string) => `linear-gradient(to ${side},${BACKGROUND} 30%,transparent)`;
const shadowTo = (side: string) => `linear-gradient(to ${side},${SHADOW},transparent)`;

/** Background of scrollable content: a shadow on each side that has more to scroll to, covered at the end. */
export const SCROLL_SHADOWS = `background:${[
  `${coverTo("right")} left/40px 100% no-repeat local`,
  `${coverTo("left")} right/40px 100% no-repeat local`,
  `${shadowTo("right")} left/14px 100% no-repeat scroll`,
  `${shadowTo("left")} right/14px 100% no-repeat scroll`,
].join(",")}`;
