// Draws each figure of the page with plotly.js, from the JSON that lies behind its place.
for (const holder of document.querySelectorAll("script.figure-data")) {
  const place = holder.previousElementSibling;
  const { data, layout = {}, config = {} } = JSON.parse(holder.textContent);
  const isPreview = place.closest(".preview") !== null;
  const small = { width: 300, height: 190, margin: { l: 30, r: 10, t: 30, b: 26 }, showlegend: false };
  const drawn = isPreview
    ? Plotly.newPlot(place, data, { ...layout, ...small, font: { ...layout.font, size: 9 } }, { staticPlot: true })
    : Plotly.newPlot(place, data, layout, { responsive: true, displaylogo: false, ...config });
  // What it is in words stood in its place.
  drawn.then(() => place.querySelector(":scope > pre")?.remove());
}
