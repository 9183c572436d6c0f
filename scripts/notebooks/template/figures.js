// Draws each figure of the page with plotly.js, from the JSON that lies behind its place: as wide as the place, in the
// colours of the page, and again when the window or the colours change.
const CLEAR = "rgba(0,0,0,0)";
const style = getComputedStyle(document.documentElement);
const themeValue = (variable) => style.getPropertyValue(variable).trim();

/** A figure's theme says which of its colours stand for which CSS variable. */
function coloured(value, theme) {
  if (typeof value === "string") return Object.hasOwn(theme, value) ? themeValue(theme[value]) || value : value;
  if (Array.isArray(value)) return value.map((part) => coloured(part, theme));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, coloured(part, theme)]));
}

function draw(place, { data, layout = {}, config = {}, theme = {} }) {
  const paper = { paper_bgcolor: CLEAR, plot_bgcolor: CLEAR, font: { ...layout.font, color: themeValue("--ink") } };
  const full = { ...coloured(layout, theme), ...paper, width: place.clientWidth };
  const isPreview = place.closest(".preview") !== null;
  const small = { height: 190, margin: { l: 30, r: 10, t: 10, b: 26 }, showlegend: false, title: { text: "" } };
  const shown = isPreview ? { ...full, ...small, font: { ...full.font, size: 9 } } : full;
  const options = isPreview ? { staticPlot: true } : { displaylogo: false, ...config, responsive: false };
  // What it is in words stands in its place until then.
  Plotly.react(place, coloured(data, theme), shown, options).then(() => place.querySelector(":scope > pre")?.remove());
}

const holders = [...document.querySelectorAll("script.figure-data")];
const figures = holders.map((holder) => [holder.previousElementSibling, holder.textContent]);
const drawAll = () => {
  for (const [place, text] of figures) draw(place, JSON.parse(text));
};
let asked = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(drawAll);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
