import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect, test } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);
export const needsChromium = hasChromium ? "" : " (needs /usr/bin/chromium)";

export function openChromium(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** How a reader looks at a page. */
export interface Reader {
  width: number;
  colorScheme: "light" | "dark";
}

/** On a desktop and on a phone, each in the light and in the dark. */
export const READERS: Reader[] = [1200, 390].flatMap((width) => [
  { width, colorScheme: "light" as const },
  { width, colorScheme: "dark" as const },
]);

/** Opens a file as a reader does; everything folded is unfolded. */
export async function openPage(browser: Browser, file: string, { width, colorScheme }: Reader): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(
    `[...document.querySelectorAll(".plot, .figure")].every((plot) => plot.querySelector(".main-svg"))`,
  );
  await page.evaluate(`for (const part of document.querySelectorAll("details")) part.open = true`);
  return page;
}

/**
 * Tests a page as each reader sees it: legible, accessible, nothing wider than the screen.
 * @param file asked for when the test runs
 * @param besides what else is expected of each look
 */
export function testLooks(what: string, file: () => string, besides?: (page: Page) => Promise<void>): void {
  test.skipIf(!hasChromium).each(READERS)(
    `${what}, $width pixels wide, $colorScheme: legible, accessible, nothing wider than the screen${needsChromium}`,
    async (reader) => {
      const browser = await openChromium();
      try {
        const page = await openPage(browser, file(), reader);
        await besides?.(page);
        expect(await findFaults(page)).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
}

/** What is too wide, too faint or not accessible in a page. */
export async function findFaults(page: Page): Promise<string[]> {
  return [...(await tooWide(page)), ...(await faintDrawings(page)), ...(await axeFindings(page))];
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe calls serious or critical, one line each. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate<Violation[]>("axe.run().then(({ violations }) => violations)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}

/**
 * Drawings that stand out too little, which axe does not look at: letters of SVG below 4.5:1, marks below 3:1; grids and
 * frames carry no meaning and are left out.
 */
export function faintDrawings(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(FAINT_DRAWINGS);
}

const FAINT_DRAWINGS = `(() => {
  const parsed = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = parsed(getComputedStyle(document.body).backgroundColor).rgb;
  const contrast = (colour, opacity) => {
    const { rgb, a } = parsed(colour);
    const mixed = rgb.map((part, at) => part * a * opacity + paper[at] * (1 - a * opacity));
    const [low, high] = [luminance(mixed), luminance(paper)].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  };
  const opacityOf = (element) =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const faint = [];
  const found = (element, property) => {
    const style = getComputedStyle(element);
    if (style[property] === "none") return 1;
    return contrast(style[property], opacityOf(element) * Number(style[property + "Opacity"]));
  };
  const judge = (element, properties, least) => {
    const best = Math.max(...properties.map((property) => found(element, property)));
    if (best < least) faint.push(element.outerHTML.slice(0, 160) + " " + best.toFixed(2));
  };
  for (const letters of document.querySelectorAll("svg text")) if (letters.textContent.trim()) judge(letters, ["fill"], 4.5);
  const marks = "svg .point, svg .js-line, svg .errorbar path, svg .shapelayer path, svg.strip *";
  for (const mark of document.querySelectorAll(marks)) judge(mark, ["fill", "stroke"], 3);
  return [...new Set(faint)];
})()`;

/** Everything that is wider than the window and lies in nothing that scrolls. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const { left, right, width: own } = element.getBoundingClientRect();
      if (own === 0 || element.closest("svg") !== element.closest("svg.main-svg")) return false;
      if (element.parentElement.closest(".scroll, .shown, pre, .source")) return false;
      return right > width + 1 || left < -1;
    });
    const scrolls = document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : [];
    return [...scrolls, ...wide.map((element) => element.outerHTML.slice(0, 160))];
  })()`);
}
