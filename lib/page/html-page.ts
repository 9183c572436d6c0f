import { createHash } from "node:crypto";
import { escapeHtml } from "../base";
import { PAGE_STYLE } from "./style";

/** The parts that differ from page to page. */
export interface HtmlPage {
  /** Plain text. */
  title: string;
  /** CSS rules in addition to those of all pages. */
  style?: string;
  /** The contents as HTML, with everything from outside already escaped. */
  main: string;
  /** Data for the scripts, as elements that hold JSON. */
  data?: string;
  /** Scripts, run in this order. */
  scripts?: readonly string[];
}

/**
 * Makes an HTML document that needs no network: styles and pictures are embedded, and its content security policy
 * blocks all loading and every script that was not passed in.
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
