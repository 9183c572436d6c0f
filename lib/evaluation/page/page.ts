import { createHash } from "node:crypto";
import { jsonForScript } from "../../escape";
import type { PageContent } from "./content";
import { figuresOf } from "./plots";
import { sections } from "./sections";
import { STYLE } from "./style";

/** Draws each figure into the place that names it. */
const DRAW = `
const figures = JSON.parse(document.getElementById("figures").textContent);
for (const place of document.querySelectorAll("[data-figure]")) {
  const { data, layout } = figures[place.dataset.figure];
  Plotly.newPlot(place, data, layout, { displayModeBar: false, responsive: true });
}`;

/**
 * The report as one HTML page that needs no network: style, pictures and Plotly lie within it. Titles are strangers'
 * text: everything from the data is escaped, and the page's own policy runs no script but the two it was made with.
 * @param plotly source of plotly.js
 */
export function page(content: PageContent, plotly: string): string {
  const figures = jsonForScript(figuresOf(content));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([plotly, DRAW])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Thumbrank evaluation</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${sections(content).join("\n")}
</main>
<script type="application/json" id="figures">${figures}</script>
<script>${plotly}</script>
<script>${DRAW}</script>
</body>
</html>
`;
}

function policy(scripts: string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(" ")}`;
}
