import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { escapeHtml, jsonForScript } from "../../lib/base/escape";
import { Config, TrainingOptions } from "../../lib/config";
import { diagnose, evaluate, writeReport } from "../../lib/evaluation";
import type { RunDescription } from "../../lib/runs";
import type { EpochRecord } from "../../lib/training";
import {
  faintDrawings,
  hasChromium,
  needsChromium,
  openChromium,
  openPage,
  testLooks,
  tooWide,
} from "../page/chromium";
import { plantedWorld } from "./world";

/** Titles that would run code wherever they were not escaped; `owned` counts those that did. */
const HOSTILE = [
  "<script>window.owned = 1</script>",
  "</script><script>window.owned = 2</script>",
  '"><img src=x onerror="window.owned = 3">',
  "' onmouseover='window.owned = 4' autofocus onfocus='window.owned = 5",
  "<!--<script>",
  '<a href="javascript:window.owned = 6">click</a>',
  "]]></style><svg onload=window.owned=7>",
  "{{window.owned = 8}} \u2028 \u0000 &lt;b&gt;",
];

let folder: string;
let file: string;
let missing: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "report-"));
  file = join(folder, "new", "report.html");
  const { data, appeal } = plantedWorld({ channels: { train: 8, validation: 3, test: 6 }, videosPerChannel: 16 });
  for (const [row, video] of data.videos.entries()) {
    video.title = HOSTILE[row % HOSTILE.length] as string;
    video.channelTitle = HOSTILE[Number(video.channelId.split("-")[1]) % HOSTILE.length] as string;
    if (video.niche !== null) video.niche = `${video.niche}<script>window.owned = 9</script>`;
    video.picture = { sha256: `${row % 5}`.repeat(64), format: "jpeg" };
  }
  await drawPictures();
  const scores = data.videos.map((video, row) => (appeal.get(video.videoId) as number) + Math.sin(row));
  const report = evaluate({ data, scores, ctr: scores, trueAppeal: appeal, seed: 1, resamples: 50 });
  const history = epochs();
  const diagnosis = diagnose(history, report, { training: TrainingOptions.parse({}) });
  const pictures = ({ sha256 }: { sha256: string }) => join(folder, `${sha256}.jpeg`);
  missing = (await writeReport(report, { file, pictures, history, diagnosis, run: runOf(history) })).missingPictures;
});

afterAll(() => rm(folder, { recursive: true }));

function runOf(history: EpochRecord[]): RunDescription {
  const config = Config.parse({ training: { learningRate: 1e-3 } });
  return {
    name: "first",
    state: "finished",
    startedAt: new Date("2026-03-01T12:00:00Z"),
    finishedAt: new Date("2026-03-01T12:30:00Z"),
    config,
    epochs: 12,
    versions: { thumbrank: "1.2.3", node: "22.0.0", tfjs: "4.22.0" },
    engine: { name: "tensorflow", version: "2.21.0", device: HOSTILE[0] as string },
    data: { hash: "ab".repeat(32), image: HOSTILE[2] as string, text: "title-hash" },
    history,
  };
}

/** Pictures 0 to 2 are sound, 3 is broken, 4 is missing. */
async function drawPictures(): Promise<void> {
  const create = { width: 1280, height: 720, channels: 3, background: "#336699" } as const;
  for (const name of ["0", "1", "2"])
    await sharp({ create })
      .jpeg()
      .toFile(join(folder, `${name.repeat(64)}.jpeg`));
  await writeFile(join(folder, `${"3".repeat(64)}.jpeg`), "no picture");
}

function epochs(): EpochRecord[] {
  return Array.from({ length: 12 }, (_, epoch) => ({
    kind: "epoch",
    epoch,
    pair: 0.1 / (epoch + 1),
    ctr: 0.1,
    auxiliary: 0.1,
    total: 0.3,
    gradNorm: 1,
    learningRate: 2e-5,
    steps: 10,
    pairs: 100,
    swaCount: 0,
    msPerStep: 1,
    pairsPerSecond: 100,
    valAuc: epoch < 2 ? null : 0.6,
    valAucByChannel: null,
    valCorr: 0.3,
    trainAuc: 0.65,
  }));
}

test("escaped text holds no sign that HTML or an attribute would read", () => {
  for (const text of HOSTILE) expect(escapeHtml(text)).not.toMatch(/[<>"'`]|\p{Cc}/u);
  expect(escapeHtml("a & b")).toBe("a &#38; b");
});

test("JSON in a script element cannot close it, and reads back the same", () => {
  for (const text of HOSTILE) {
    expect(jsonForScript({ text })).not.toMatch(/[<>\u2028]/);
    expect(JSON.parse(jsonForScript({ text }))).toEqual({ text });
  }
});

/** The page without Plotly, whose source would drown a failed comparison. */
async function ownMarkup(): Promise<string> {
  const html = await readFile(file, "utf8");
  return html.slice(0, html.indexOf('<script type="application/json"')).replace(/base64,[^"]*/g, "base64,...");
}

test("the page is one file: nothing hostile in its source, no address to load from", async () => {
  const html = await ownMarkup();
  expect(html).not.toMatch(/<script|<svg onload|<img src=x|onerror="|<a href/);
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
  expect(html.match(/<img src="data:image\/jpeg;base64,/g)?.length).toBeGreaterThan(5);
});

test("broken and missing pictures are counted, and their places say so", async () => {
  expect(missing).toBe(2);
  expect(await ownMarkup()).toContain("picture missing");
});

test("the page calls synthetic data synthetic, a proxy a proxy, and says what a score means", async () => {
  const html = await ownMarkup();
  expect(html).toContain("<b>Synthetic data.</b>");
  expect(html).toContain("no true click-through rate");
  expect(html).toContain("must not be compared across channels");
  expect(html).not.toContain(">CTR correlation<");
});

test("the page says which run it is about: name, dates, versions, and settings beside their defaults", async () => {
  const html = await ownMarkup();
  expect(html).toContain("<h2>The run first</h2>");
  expect(html).toContain("2026-03-01 12:30 UTC");
  expect(html).toContain("thumbrank 1.2.3, Node 22.0.0, TensorFlow.js 4.22.0");
  expect(html).toContain('<th scope="row">lr</th><td>0.001</td><td>0.00002</td>');
  expect(html).toContain('<th scope="row">mixup-alpha</th><td>0.3</td>');
});

test.skipIf(!hasChromium)(
  "in Chromium: plots drawn, pictures shown, no script run, no request, no error (needs /usr/bin/chromium)",
  async () => {
    const browser = await openChromium();
    try {
      const seen = await visit(browser, { width: 1200, height: 900 });
      expect(seen.errors).toEqual([]);
      expect(seen.requests).toEqual([pathToFileURL(file).href]);
      expect(seen.owned).toBeUndefined();
      expect(seen.plots).toHaveLength(10);
      for (const marks of seen.plots) expect(marks).toBeGreaterThan(0);
      expect(seen.brokenPictures).toBe(0);
      expect(seen.text).toContain("<script>window.owned = 1</script>");
      expect(seen.text).not.toContain("&#");
    } finally {
      await browser.close();
    }
  },
);

testLooks("the report", () => file);

test.skipIf(!hasChromium)(`figures follow the window and the colours of the screen${needsChromium}`, async () => {
  const browser = await openChromium();
  try {
    const page = await openPage(browser, file, { width: 1200, colorScheme: "light" });
    const ink = () => page.evaluate<string>(`getComputedStyle(document.querySelector(".xtick text")).fill`);
    const light = await ink();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(ink).not.toBe(light);
    expect(await faintDrawings(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 900 });
    await expect.poll(() => tooWide(page)).toEqual([]);
    const heights = await page.evaluate<number[]>(
      `[...document.querySelectorAll(".main-svg")].map((svg) => svg.clientHeight)`,
    );
    expect(Math.min(...heights)).toBeGreaterThan(100);
  } finally {
    await browser.close();
  }
});

test.skipIf(!hasChromium)(`tables that scroll are named and reached by the keyboard${needsChromium}`, async () => {
  const browser = await openChromium();
  try {
    const page = await openPage(browser, file, { width: 390, colorScheme: "dark" });
    const tables = await page.evaluate<{ scrolls: boolean; name: string; focusable: boolean; shadow: boolean }[]>(
      `[...document.querySelectorAll(".scroll")].map((table) => ({
        scrolls: table.scrollWidth > table.clientWidth,
        name: table.getAttribute("aria-label"),
        focusable: table.tabIndex === 0,
        shadow: getComputedStyle(table).backgroundImage.includes("gradient"),
      }))`,
    );
    expect(tables.filter(({ scrolls }) => scrolls).length).toBeGreaterThan(0);
    expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length);
    expect(tables.every(({ focusable, shadow }) => focusable && shadow)).toBe(true);
  } finally {
    await browser.close();
  }
});

/** What a look at the page finds; runs in the page, whose types this project does not know. */
const FACTS = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  return {
    owned: window.owned,
    plots: all(".plot").map((plot) => plot.querySelectorAll(".scatterlayer path").length),
    brokenPictures: all("img").filter((image) => image.naturalWidth === 0).length,
    text: document.querySelector("main").textContent,
  };
})()`;

interface Facts {
  owned?: number;
  /** Marks drawn in each plot. */
  plots: number[];
  brokenPictures: number;
  text: string;
}

/** Loads the page and tells what it did. */
async function visit(browser: Browser, viewport: { width: number; height: number }) {
  const page = await browser.newPage({ viewport });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) requests.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(
    `[...document.querySelectorAll(".plot")].every((plot) => plot.querySelector(".main-svg"))`,
  );
  const facts = await page.evaluate<Facts>(FACTS);
  return { ...facts, errors, requests };
}
