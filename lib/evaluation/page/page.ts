import { jsonForScript } from "../../base";
import { htmlPage } from "../../page";
import type { PageContent } from "./content";
import { drawFigures } from "./plots";
import { sections } from "./sections";
import { STYLE } from "./style";

/**
 * Draws each figure into the place that names it, as wide as the place, with the colours of the page for their names; again
 * when the window or the colours change.
 */
const DRAW = `
const source = document.getElementById("figures").textContent;
const colour = (name) => {
  const variable = /^var\\((--[a-z]+)\\)$/.exec(name)?.[1];
  return variable ? getComputedStyle(document.documentElement).getPropertyValue(variable).trim() : name;
};
const coloured = (key, value) =>
  !key.endsWith("color") ? value : Array.isArray(value) ? value.map(colour) : colour(value);
function draw() {
  const figures = JSON.parse(source, coloured);
  for (const place of document.querySelectorAll("[data-figure]")) {
    const { data, layout } = figures[place.dataset.figure];
    Plotly.react(place, data, { ...layout, width: place.clientWidth }, { displayModeBar: false });
  }
}
draw();
let asked = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(draw);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
`;

/**
 * The report as one HTML page that needs no network: style, pictures and Plotly lie within it. Titles are strangers'
 * text: everything from the data is escaped, and the page's own policy runs no script but the two it was made with.
 * @param plotly source of plotly.js
 */
export function page(content: PageContent, plotly: string): string {
  const figures = jsonForScript(drawFigures(content));
  return htmlPage({
    title: "Thumbrank evaluation",
    style: STYLE,
    main: sections(content).join("\n"),
    data: `<script type="application/json" id="figures">${figures}</script>\n`,
    scripts: [plotly, DRAW],
  });
}
