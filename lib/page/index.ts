/**
 * What pages that we write have in common: one document without a network, colours for light and dark, tables that
 * scroll. It must not know what a page is about.
 */
export { COLOURS, THEME } from "./colours";
export { type HtmlPage, htmlPage } from "./html-page";
export { scrollingTable } from "./table";
