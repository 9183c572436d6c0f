/** The report as a page. It knows how figures look, and nothing about how they are computed. */
export { axes, type Figure } from "./figures";
export { figurePage } from "./page";
export { figurePlace } from "./plots";
export { makeScale, strip } from "./strip";
export { type ReportOptions, readPlotly, writeReport } from "./write";
