import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { SetupFailed } from "../../setup/failure.mjs";
import { root } from "../../setup/places.mjs";

const [width, tallest] = [860, 2400];
const plotly = join(root, "node_modules", "plotly.js-cartesian-dist-min", "plotly-cartesian.min.js");
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const template = join(root, "scripts", "notebooks", "template");
const themes = ["light", "dark"];
// The look of the notebooks' report, on the paper of GitHub's pages.
const head = `<!doctype html><style>${readFileSync(join(template, "report.css"), "utf8")}
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117 } }
#out { width: ${width}px; padding: 12px; font-size: 14px; line-height: 1.4 }
#out.drawn { padding: 0 }</style>`;

/** Where Chromium is. */
export const chromiumPath = (environment = process.env) =>
  [environment.THUMBRANK_CHROMIUM, ...places].find((path) => path && existsSync(path));

async function picture(page) {
  const box = await page.locator("#out").boundingBox();
  const clip = { ...box, height: Math.min(box.height, tallest) };
  const png = await page.screenshot({ clip, fullPage: true });
  return sharp(png).webp({ quality: 80, effort: 6, smartSubsample: true }).toBuffer();
}

/** A picture for light pages and one for dark ones. @param fill puts the content into the page, in its colours */
async function pictures(page, fill) {
  const taken = [];
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await fill();
    taken.push(await picture(page));
  }
  const [light, dark] = taken;
  return { light, dark };
}

/** Draws a figure as the report does. */
async function draw(page, { layout, ...rest }) {
  const spec = JSON.stringify({ ...rest, layout: { height: 420, ...layout, autosize: false } });
  const place = '<div id="out" class="drawn"><div class="figure"><pre></pre></div>';
  const data = `<script type="application/json" class="figure-data">${spec.replaceAll("<", "\\u003c")}</script></div>`;
  // A document of its own: the scripts of the figure before would still listen.
  await page.goto("about:blank");
  await page.setContent(head + place + data);
  await page.addScriptTag({ path: plotly });
  await page.addScriptTag({ path: join(template, "figures.js") });
  await page.waitForFunction(() => document.querySelector(".figure > pre") === null);
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

async function fillHtml(page, text) {
  await page.setContent(`${head}<div id="out">${text}</div>`, { waitUntil: "load" });
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))));
}

async function html(page, text) {
  await fillHtml(page, text);
  const table = await page.evaluate(readTable);
  return table ? { table } : { picture: await pictures(page, () => fillHtml(page, text)) };
}

/**
 * Opens Chromium without a network, for pictures of what notebooks show.
 * @returns `figure` draws a plotly figure as WebP, `html` gives pictures or a plain table of rows; pictures come in `light`
 * and `dark`
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
    figure: (spec) => pictures(page, () => draw(page, spec)),
    html: (text) => html(page, text),
    close: () => browser.close(),
  };
}
