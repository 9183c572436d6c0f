/**
 * Page: what all HTML pages share: a document that needs no network, colours for light and dark, tables that scroll. It
 * must not know what a page is about.
 */
export { COLOURS, THEME } from "./colours";
export { type HtmlPage, htmlPage } from "./html-page";
export { scrollingTable } from "./table";
