import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonForScript } from "../../lib/base/escape";
import {
  bars,
  DISPLAY,
  type Displayable,
  gallery,
  histogram,
  lines,
  pairGallery,
  scatter,
  subplots,
  table,
  thumbnailMap,
} from "../../lib/notebook";
import { root } from "../house/files";

const CHROMIUM = "/usr/bin/chromium";
const hasChromium = existsSync(CHROMIUM);
const PLOTLY = join(root, "node_modules", "plotly.js-cartesian-dist-min", "plotly-cartesian.min.js");

/** Titles that would run code, inject an element or vanish wherever they were not escaped. */
const HOSTILE = [
  "<script>window.owned = 1</script>",
  '"><img src=x onerror="window.owned = 3">',
  "' onmouseover='window.owned = 4' autofocus onfocus='window.owned = 5",
  '<a href="javascript:window.owned = 6">click</a>',
  "]]></style><svg onload=window.owned=7>",
  "<b>bold</b> &lt;i&gt; &amp; 100% %{x} $a^2$ and $5",
];

let folder: string;
let browser: Browser;
let shown: Record<string, Displayable>;

beforeAll(async () => {
  if (!hasChromium) return;
  folder = await mkdtemp(join(tmpdir(), "hostile-"));
  shown = await everything();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
});

afterAll(async () => {
  if (!hasChromium) return;
  await browser.close();
  await rm(folder, { recursive: true });
});

/** One of each kind, with hostile texts in all their places. */
async function everything(): Promise<Record<string, Displayable>> {
  const picture = await sharp({ create: { width: 64, height: 36, channels: 3, background: "#369" } })
    .jpeg()
    .toBuffer();
  const hostile = (at: number) => HOSTILE[at % HOSTILE.length] as string;
  const items = HOSTILE.map((title, at) => ({ picture, title, caption: hostile(at + 1), badge: hostile(at + 2) }));
  const options = { title: hostile(0), x: hostile(1), y: hostile(5), marks: [{ y: 1, label: hostile(3) }] };
  const points = HOSTILE.map((label, x) => ({ x, y: 2 * x, label, color: hostile(x + 1) }));
  const series = Object.fromEntries(HOSTILE.map((name, at) => [name, { x: [0, 1], y: [at, 1] }]));
  const line = lines(series, options);
  return {
    scatter: scatter(points, options),
    shaded: scatter(
      points.map((point, color) => ({ ...point, color })),
      { ...options, color: hostile(5) },
    ),
    lines: line,
    histogram: histogram(Object.fromEntries(HOSTILE.map((name, at) => [name, [at, 1]])), options),
    bars: bars(
      HOSTILE.map((label, value) => ({ label, value, group: hostile(value % 2) })),
      { ...options, horizontal: true },
    ),
    subplots: subplots([line, line], { title: hostile(0) }),
    gallery: await gallery([...items, { picture: new Uint8Array([1]), title: hostile(0) }], { caption: hostile(0) }),
    pairs: await pairGallery([{ winner: items[0]!, loser: items[1]!, caption: hostile(2) }], { caption: hostile(4) }),
    map: await thumbnailMap(
      points.map((point) => ({ ...point, picture, group: point.color })),
      { title: hostile(1) },
    ),
    table: table(
      HOSTILE.map((text) => ({ [text]: text, plain: text })),
      { caption: hostile(1) },
    ),
  };
}

/** A page with one output, as a notebook shows it. */
async function pageOf(name: string): Promise<{ page: Page; requests: string[]; errors: string[] }> {
  const bundle = shown[name]![DISPLAY]();
  const plot = bundle["application/vnd.plotly.v1+json"];
  const drawing = `const plot = ${jsonForScript(plot ?? null)}; Plotly.newPlot("plot", plot.data, plot.layout, plot.config)`;
  const body = plot
    ? `<div id="plot"></div><script>${await readFile(PLOTLY, "utf8")}</script><script>${drawing}</script>`
    : String(bundle["text/html"]);
  const file = join(folder, `${name}.html`);
  await writeFile(file, `<!doctype html><meta charset="utf-8"><body style="width:860px">${body}</body>`);
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => request.url().startsWith("data:") || requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  if (plot) await page.waitForSelector(".main-svg");
  return { page, requests, errors };
}

/** What no output of ours may hold; plots' own links and scripts do not count. */
const INJECTED = `({
  owned: window.owned ?? null,
  scripts: document.querySelectorAll("body script").length,
  handlers: [...document.querySelectorAll("body *")].filter((one) => [...one.attributes].some(({ name }) => name.startsWith("on"))).length,
  links: document.querySelectorAll("a, svg a").length,
  broken: [...document.querySelectorAll("img")].filter((image) => !image.src.startsWith("data:") || image.naturalWidth === 0).length,
})`;

const textIn = (page: Page) =>
  page.evaluate<string>(
    "document.body.innerText + [...document.querySelectorAll('svg text')].map((one) => one.textContent).join(' ')",
  );
const bare = (text: string) => text.replace(/\s+/g, "");
const KINDS = ["scatter", "shaded", "lines", "histogram", "bars", "subplots", "gallery", "pairs", "map", "table"];

test.skipIf(!hasChromium).each(KINDS)(
  "%s in Chromium: no script runs, nothing is injected or loaded (needs /usr/bin/chromium)",
  async (kind) => {
    const { page, requests, errors } = await pageOf(kind);
    const scripts = (await page.locator("#plot").count()) > 0 ? 2 : 0;
    expect(await page.evaluate(INJECTED)).toEqual({ owned: null, scripts, handlers: 0, links: 0, broken: 0 });
    expect(requests).toEqual([pathToFileURL(join(folder, `${kind}.html`)).href]);
    expect(errors).toEqual([]);
    expect(await textIn(page)).not.toContain("&#");
    await page.close();
  },
);

test.skipIf(!hasChromium)("titles stand on the page letter by letter (needs /usr/bin/chromium)", async () => {
  for (const kind of ["gallery", "table"]) {
    const { page } = await pageOf(kind);
    const text = await textIn(page);
    for (const title of HOSTILE) expect(text).toContain(title);
    await page.close();
  }
  const { page } = await pageOf("lines");
  const text = await textIn(page);
  for (const title of HOSTILE) expect(text).toContain(title);
  await page.close();
});

test.skipIf(!hasChromium)("a dot's label is shown literally under the pointer (needs /usr/bin/chromium)", async () => {
  const { page, errors } = await pageOf("scatter");
  for (const [at, title] of HOSTILE.entries()) {
    await page.evaluate(`Plotly.Fx.hover("plot", [{ curveNumber: ${at}, pointNumber: 0 }])`);
    // Plotly draws a hover at most every 50 ms.
    const seen = () => page.evaluate<string>("document.querySelector('.hovertext')?.textContent ?? ''");
    await expect.poll(async () => bare(await seen())).toContain(bare(title));
  }
  expect(await page.evaluate("[window.owned ?? null, document.querySelectorAll('a').length]")).toEqual([null, 0]);
  expect(errors).toEqual([]);
  await page.close();
});

test.skipIf(!hasChromium)(
  "a map shows picture and label under the pointer and at the keyboard's focus, without a script (needs /usr/bin/chromium)",
  async () => {
    const { page } = await pageOf("map");
    const all = (selector: string, of: string) =>
      page.evaluate(`[...document.querySelectorAll("${selector}")].map(${of})`);
    const visible = () => all(".tm-card", "(card) => getComputedStyle(card).display === 'block'");
    expect(await visible()).toEqual(HOSTILE.map(() => false));
    await page.locator(".tm-dot").nth(3).hover();
    expect(await visible()).toEqual(HOSTILE.map((_, at) => at === 3));
    expect(await page.locator(".tm-card").nth(3).innerText()).toContain(HOSTILE[3]);
    await page.mouse.move(0, 0);
    await page.locator(".tm-dot").nth(1).focus();
    expect(await visible()).toEqual(HOSTILE.map((_, at) => at === 1));
    await page.evaluate("document.querySelector('style').remove()");
    expect(await visible()).toEqual(HOSTILE.map(() => false));
    // As in a notebook that is not trusted, which loses the style sheet.
    expect(await all(".tm-name", "(one) => one.title.slice(0, 8)")).toEqual(HOSTILE.map((title) => title.slice(0, 8)));
    await page.close();
  },
);
