import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { SetupFailed } from "../../setup/failure.mjs";
import { root } from "../../setup/places.mjs";

const [width, tallest] = [860, 2400];
const plotly = join(root, "node_modules", "plotly.js-cartesian-dist-min", "plotly-cartesian.min.js");
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const head = `<!doctype html><style>body { margin: 0; background: #fff; color: #222; font: 14px/1.4 system-ui, "DejaVu Sans", sans-serif }
#out { width: ${width - 24}px; padding: 12px }</style>`;

/** Where Chromium is. */
export const chromiumPath = (environment = process.env) =>
  [environment.THUMBRANK_CHROMIUM, ...places].find((path) => path && existsSync(path));

async function picture(page) {
  const box = await page.locator("#out").boundingBox();
  const clip = { ...box, height: Math.min(box.height, tallest) };
  const png = await page.screenshot({ clip, fullPage: true });
  return sharp(png).webp({ quality: 80, effort: 6, smartSubsample: true }).toBuffer();
}

async function figure(page, { data, layout }) {
  await page.setContent(`${head}<div id="out" style="padding: 0; width: ${width}px"></div>`);
  await page.addScriptTag({ path: plotly });
  await page.evaluate(
    ([traces, shape]) => globalThis.Plotly.newPlot("out", traces, shape, { staticPlot: true }),
    [data, { height: 420, ...layout, width, autosize: false }],
  );
  return picture(page);
}

/** Reads a table that is nothing but rows of text; undefined where there is more to see. */
function readTable() {
  const out = document.getElementById("out");
  const tables = out.querySelectorAll("table");
  const more = "img, svg, canvas, script, button, input, progress, meter, [colspan], [rowspan]";
  if (tables.length !== 1 || out.querySelector(more)) return undefined;
  const [table] = tables;
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()));
  const texts = rows.flat().concat(table.caption?.innerText.trim() ?? "");
  const squeezed = (text) => text.replaceAll(/\s+/g, "");
  if (squeezed(out.innerText).length > squeezed(texts.join("")).length + 40) return undefined;
  const right = [...(table.rows[1]?.cells ?? [])].map((cell) => /right|end/.test(getComputedStyle(cell).textAlign));
  return { rows, right, caption: table.caption?.innerText.trim() ?? "" };
}

async function html(page, text) {
  await page.setContent(`${head}<div id="out">${text}</div>`, { waitUntil: "load" });
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))));
  const table = await page.evaluate(readTable);
  return table ? { table } : { picture: await picture(page) };
}

/**
 * Opens Chromium without a network, for pictures of what notebooks show.
 * @returns `figure` draws a plotly figure as WebP, `html` gives a picture or a plain table of rows
 */
export async function openBrowser() {
  const executablePath = chromiumPath();
  if (!executablePath)
    throw new SetupFailed("WALKTHROUGH_NOT_MADE", {
      what: "no Chromium was found, and it takes the pictures",
      next: "install Chromium, or name it: THUMBRANK_CHROMIUM=PATH npm run walkthrough",
    });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width, height: 600 }, deviceScaleFactor: 1.5, offline: true });
  const page = await context.newPage();
  return {
    figure: (spec) => figure(page, spec),
    html: (text) => html(page, text),
    close: () => browser.close(),
  };
}
