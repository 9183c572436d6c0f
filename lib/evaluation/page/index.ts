/** The report as a page. It knows how figures look, and nothing of how they are computed. */
export { type ReportOptions, writeReport } from "./write";
