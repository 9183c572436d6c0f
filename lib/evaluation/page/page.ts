import { jsonForScript } from "../../base";
import { htmlPage } from "../../page";
import type { PageContent } from "./content";
import type { Figure } from "./figures";
import { drawFigures } from "./plots";
import { sections } from "./sections";
import { STYLE } from "./style";

/**
 * Draws each figure into the element that names it, at the element's width, with the page's colours for their names;
 * redraws when the window or the colours change.
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
 * The report as one HTML page that needs no network: it contains style, pictures and Plotly. Titles are untrusted text:
 * everything from the data is escaped, and the page's own policy runs only its two scripts.
 * @param plotly source of plotly.js
 */
export function page(content: PageContent, plotly: string): string {
  const main = sections(content).join("\n");
  return figurePage({ title: "Thumbrank evaluation", main, figures: drawFigures(content) }, plotly);
}

/** A page with figures, each in an element whose `data-figure` names it. @param main HTML with everything escaped */
export function figurePage(
  { title, main, figures }: { title: string; main: string; figures: Record<string, Figure> },
  plotly: string,
): string {
  return htmlPage({
    title,
    style: STYLE,
    main,
    data: `<script type="application/json" id="figures">${jsonForScript(figures)}</script>\n`,
    scripts: [plotly, DRAW],
  });
}
