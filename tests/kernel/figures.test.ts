import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { COLOURS } from "../../lib/notebook";
import {
  countPixels,
  darkness,
  hasChromium,
  hideSidebar,
  launchChromium,
  openNotebook,
  rightEdge,
  setTheme,
} from "./browser";
import { contrastOf, seriousFaults } from "./contrast";
import { type Lab, startLab } from "./lab";
import { hasJupyter, needed, writeNotebook } from "./notebook";

const [pairColour] = COLOURS;
const browserNeeded = hasChromium ? "" : " (needs /usr/bin/chromium)";

/** Grows by an epoch whenever the test writes a file, and ends at the fourth. */
const GROWING = `import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as nb from "./lib/notebook";
const epochs: nb.EpochCurve[] = [];
const live = nb.liveFigure(nb.trainingFigure(epochs));
for (let epoch = 0; epoch < 4; epoch++) {
  while (!existsSync(\`\${folder}/epoch-\${epoch}\`)) await sleep(50);
  await sleep(600);
  epochs.push({ epoch, pair: 0.1 / (epoch + 1), ctr: 0.05, auxiliary: 0.04, valAuc: 0.6, valCorr: 0.2, trainAuc: 0.7 });
  live.update(nb.trainingFigure(epochs));
}
live.close();`;

const SHOWN = `import * as nb from "./lib/notebook";
const losses = { pair: 0.1, ctr: 0.05, auxiliary: 0.04, valAuc: 0.6, valCorr: 0.2, trainAuc: 0.7 };
nb.display(nb.trainingFigure([0, 1, 2, 3].map((epoch) => ({ epoch, ...losses }))));
const columns = Array.from({ length: 12 }, (_, at) => [\`column \${at}\`, at / 3] as const);
const rows = Array.from({ length: 12 }, () => Object.fromEntries(columns));
nb.display(nb.table(rows, { caption: "Rows" }));
const item = { picture: new Uint8Array(), title: "A title of some words", caption: "12 views" };
const pairs = [1, 2].map((at) => ({ winner: item, loser: item, caption: \`pair \${at}\` }));
nb.display(await nb.pairGallery(pairs, { columns: 2, caption: "Pairs" }));
nb.display(nb.histogram({ "the first of two": [1, 2, 2, 3], "the second of two": [2, 3, 3] }, { title: "A long title that a phone must break into several lines", x: "x", marks: [{ x: 2, label: "two" }] }));
nb.scatter([{ x: 1, y: 2, color: "a" }, { x: 2, y: 1, color: "b" }], { title: "Dots", x: "x", y: "y" });`;

describe.skipIf(!hasJupyter || !hasChromium)(`figures in JupyterLab${needed}${browserNeeded}`, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [lab, browser] = await Promise.all([startLab(), launchChromium()]);
    writeNotebook(join(lab.folder, "live.ipynb"), `const folder = ${JSON.stringify(lab.folder)};`, [GROWING]);
    writeNotebook(join(lab.folder, "shown.ipynb"), SHOWN, []);
    page = await openNotebook(browser, lab, "live.ipynb");
  });
  afterAll(async () => {
    await browser?.close();
    expect(await lab?.close()).toBe(lab && 0);
  });

  const figure = () => page.locator(".jp-RenderedPlotly").first();
  const isBusy = async () => (await page.locator(".jp-InputPrompt").nth(1).innerText()).includes("*");
  const linePixels = async () => countPixels(await figure().screenshot(), pairColour);

  test("a live figure's lines grow on the screen while its cell still runs", async () => {
    await run(page, 2);
    await figure().locator(".main-svg").first().waitFor({ timeout: 60_000 });
    const empty = await linePixels();
    const counts: number[] = [];
    for (const epoch of [0, 1, 2]) {
      const before = counts.at(-1) ?? empty;
      writeFileSync(join(lab.folder, `epoch-${epoch}`), "");
      await until(async () => (await linePixels()) > before);
      counts.push(await linePixels());
    }
    expect(await isBusy()).toBe(true);
    writeFileSync(join(lab.folder, "epoch-3"), "");
    await until(async () => !(await isBusy()));
    await until(async () => (await linePixels()) > (counts.at(-1) ?? 0));
  });

  test("a figure keeps its height and its lines when the sidebar is toggled and the window resized", async () => {
    const { height = 0 } = (await figure().boundingBox()) ?? {};
    expect(height).toBeGreaterThan(300);
    const lines = await linePixels();
    const widths = [await widthOf(figure())];
    await page.keyboard.press("Escape");
    for (const change of [
      () => page.keyboard.press("Control+b"),
      () => page.setViewportSize({ width: 1000, height: 700 }),
      () => page.setViewportSize({ width: 1300, height: 900 }),
      () => page.keyboard.press("Control+b"),
    ]) {
      await change();
      await until(async () => (await widthOf(figure())) !== widths.at(-1));
      widths.push(await widthOf(figure()));
      await until(async () => (await widthOf(figure().locator(".main-svg").first())) === widths.at(-1));
      expect((await figure().boundingBox())?.height).toBe(height);
      expect(await linePixels()).toBeGreaterThan(lines / 3);
    }
  });

  test.each(["light", "dark"] as const)("in the %s theme letters and lines stand out from the page", async (theme) => {
    setTheme(lab, theme);
    const themed = await openNotebook(browser, lab, "shown.ipynb", { width: 1200, height: 4000 });
    await themed.locator(`body[data-jp-theme-light="${theme === "light"}"]`).waitFor({ state: "attached" });
    await run(themed, 1);
    await themed.locator(".jp-RenderedPlotly .main-svg .points").nth(2).waitFor({ state: "attached", timeout: 60_000 });
    await themed.getByText("Dots").last().waitFor();
    await themed.locator("figcaption").first().waitFor();
    const seen = await contrastOf(themed);
    expect(seen.texts).toBeGreaterThan(60);
    expect(seen.drawings).toBeGreaterThan(30);
    expect(seen.tooFaint).toEqual([]);
    expect(await seriousFaults(themed)).toEqual([]);
    await themed.close();
  });

  test("on a phone a table shows that it scrolls, pairs stand in one column, a title is whole", async () => {
    setTheme(lab, "light");
    writeNotebook(join(lab.folder, "phone.ipynb"), SHOWN, []);
    const phone = await openNotebook(browser, lab, "phone.ipynb");
    await hideSidebar(phone);
    await phone.setViewportSize({ width: 390, height: 4000 });
    await run(phone, 1);
    await phone.locator("figcaption").first().waitFor({ timeout: 60_000 });
    const region = phone.getByRole("region", { name: "Rows" });
    await until(() => region.evaluate((it) => it.scrollWidth > it.clientWidth && it.tabIndex === 0));
    // Its place may still change while the figures below it are drawn.
    const shot = async () => {
      const clip = await region.boundingBox();
      return phone.screenshot(clip === null ? {} : { clip });
    };
    const shadowAt = async (left: number) => {
      await region.evaluate((it, x) => it.scrollTo(x, 0), left);
      return darkness(await rightEdge(await shot(), 14));
    };
    const width = await region.evaluate((it) => it.scrollWidth);
    // Both are measured again until neither is of a page that is still being drawn.
    await until(async () => (await shadowAt(width)) < (await shadowAt(0)) / 2);
    const places = await phone.locator("figure").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
    const [first, , second] = places;
    expect(second?.left).toBe(first?.left);
    expect(second?.top).toBeGreaterThan(first?.bottom ?? 0);
    const long = phone.locator(".jp-RenderedPlotly", { hasText: "that a phone must" });
    const above = await long.locator(".gtitle").boundingBox();
    const below = await long.locator(".legend").boundingBox();
    expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
    for (const words of ["that a phone must", "AUC and correlation"]) {
      const plot = phone.locator(".jp-RenderedPlotly", { hasText: words });
      const title = plot.locator(".gtitle, .annotation-text", { hasText: words });
      const text = await title.boundingBox();
      const paper = await plot.boundingBox();
      expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual((paper?.x ?? 0) + (paper?.width ?? 0));
    }
  });
});

const until = (holds: () => Promise<boolean>) => vi.waitUntil(holds, { timeout: 60_000, interval: 100 });

/** Runs the notebook's first cells, one after the other. */
async function run(page: Page, cells: number): Promise<void> {
  await page.locator(".jp-CodeCell .cm-content").first().click();
  for (let cell = 0; cell < cells; cell++) await page.keyboard.press("Shift+Enter");
}

const widthOf = async (place: Locator) => (await place.boundingBox())?.width;
