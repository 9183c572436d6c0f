/** The page's plots as data for Plotly: pure functions of the report that know no HTML except escaping a label. */
export { axes, type Figure } from "./axes";
export { calibrationFigure } from "./calibration";
export { lossFigure, qualityFigure } from "./curves";
export { gapFigure } from "./gaps";
export { channelFigure, MOST_CHANNELS, nicheFigure } from "./intervals";
export { standingFigure } from "./standings";
