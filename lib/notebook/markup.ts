/**
 * Colours and parts of HTML outputs. Colours are those of JupyterLab's theme; a page without it, such as an exported
 * notebook, has those of its `color-scheme`, and whoever knows none inherits the text's.
 */
export const TEXT = "var(--jp-ui-font-color1,light-dark(#24292f,#e6e8eb))";
/** Of what stands back: notes, captions. */
export const QUIET_TEXT = "var(--jp-ui-font-color2,light-dark(#57606a,#9aa4af))";
/** Behind it all. */
export const BACKGROUND = "var(--jp-layout-color0,Canvas)";
/** Borders and rules. */
export const RULE = "var(--jp-border-color2,light-dark(#d7dde3,#4b525a))";

/** Of a tile in pixels, below which a grid takes fewer columns. */
const LEAST_TILE_PX = 120;

/**
 * Columns of a grid: at most so many, and fewer if there is no room, as on a phone.
 * @param least width of a column in pixels
 */
export function gridColumns(columns: number, gapPx: number, least = LEAST_TILE_PX): string {
  const share = `calc((100% - ${(columns - 1) * gapPx}px) / ${columns})`;
  return `repeat(auto-fill,minmax(max(min(100%,${least}px),${share}),1fr))`;
}

const SHADOW = "rgba(110,118,129,.6)";
const coverTo = (side: string) => `linear-gradient(to ${side},${BACKGROUND} 30%,transparent)`;
const shadowTo = (side: string) => `linear-gradient(to ${side},${SHADOW},transparent)`;

/** Behind what may be wider than its place: a shadow at each side to which it scrolls on, covered where it ends. */
export const SCROLL_SHADOWS = `background:${[
  `${coverTo("right")} left/40px 100% no-repeat local`,
  `${coverTo("left")} right/40px 100% no-repeat local`,
  `${shadowTo("right")} left/14px 100% no-repeat scroll`,
  `${shadowTo("left")} right/14px 100% no-repeat scroll`,
].join(",")}`;
