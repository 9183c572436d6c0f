import { createHash } from "node:crypto";
import { escapeHtml } from "../base";
import { PAGE_STYLE } from "./style";

/** What differs from page to page. */
export interface HtmlPage {
  /** Plain text. */
  title: string;
  /** Rules beside those that all pages have. */
  style?: string;
  /** The contents as HTML, in which everything from outside is escaped. */
  main: string;
  /** Values for the scripts, as elements that hold JSON. */
  data?: string;
  /** Scripts that run in this order. */
  scripts?: readonly string[];
}

/**
 * A document that needs no network: its style and pictures lie within it, and its own policy loads nothing and runs no
 * script but those it was made with.
 */
export function htmlPage({ title, style = "", main, data = "", scripts = [] }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}${style}</style>
</head>
<body>
<main>
${main}
</main>
${data}${scripts.map((script) => `<script>${script}</script>\n`).join("")}</body>
</html>
`;
}

function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const allowed = hashes.length === 0 ? "" : `; script-src ${hashes.join(" ")}`;
  return `default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'${allowed}`;
}
