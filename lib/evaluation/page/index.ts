/** The report as a page. It knows how figures look, and nothing about how they are computed. */
export { type ReportOptions, writeReport } from "./write";
