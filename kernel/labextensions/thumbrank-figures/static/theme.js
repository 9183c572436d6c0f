/**
 * A figure in the colours of the page's theme: its `theme` says which of its colours stand for which CSS variable,
 * such as `{ "#6e7681": "--jp-ui-font-color1" }`. A variable that the page lacks leaves its colour as it is.
 */
export function inTheme(figure, element) {
  const theme = Object.entries(figure.theme ?? {});
  const colours = new Map(theme.map(([colour, variable]) => [colour, computedColour(element, variable) ?? colour]));
  return colours.size === 0 ? figure : recoloured(figure, colours);
}

/** What a variable comes to, in a form that Plotly reads: a theme may define it by other variables or functions. */
function computedColour(element, variable) {
  if (getComputedStyle(element).getPropertyValue(variable).trim() === "") return undefined;
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function recoloured(value, colours) {
  if (typeof value === "string") return colours.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => recoloured(item, colours));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, recoloured(inner, colours)]));
}
