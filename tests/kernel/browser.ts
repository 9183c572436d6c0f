import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import type { Lab } from "./lab";

const CHROMIUM = "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });

/** Sets the lab's theme, which pages opened from then on have. */
export function setTheme(lab: Lab, theme: "light" | "dark"): void {
  const settings = join(lab.folder, ".jupyter/CONFIG/lab/user-settings/@jupyterlab/apputils-extension");
  const file = join(settings, "themes.jupyterlab-settings");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ theme: theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light" }));
}

/** Opens a notebook of the lab's folder, its kernel ready. */
export async function openNotebook(
  browser: Browser,
  lab: Lab,
  path: string,
  viewport = { width: 1200, height: 900 },
): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.goto(lab.address(`lab/tree/${path}?reset`));
  await page.locator(".jp-Notebook .jp-Cell").first().waitFor({ timeout: 60_000 });
  await page.getByText("TypeScript (Thumbrank) | Idle").waitFor({ state: "attached", timeout: 60_000 });
  return page;
}

/** Collapses JupyterLab's left sidebar, as people do on a narrow screen. */
export async function hideSidebar(page: Page): Promise<void> {
  const sidebar = page.locator("#jp-left-stack");
  await sidebar.waitFor();
  await page.locator(".jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current").click();
  await sidebar.waitFor({ state: "hidden" });
}

/** How many pixels of a picture (PNG) are of a colour such as #0072b2, or nearly. */
export async function countPixels(png: Buffer, colour: string): Promise<number> {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let at = 0; at < data.length; at += 3)
    if (wanted.every((value, channel) => Math.abs(value - (data[at + channel] ?? 0)) < 24)) count++;
  return count;
}

/** How far a picture (PNG) is from white: the mean over its pixels, 0 to 255. */
export async function darkness(png: Buffer): Promise<number> {
  const { channels } = await sharp(png).removeAlpha().greyscale().stats();
  return 255 - (channels[0]?.mean ?? 0);
}

/** The last columns of a picture (PNG). */
export async function rightEdge(png: Buffer, widthPx: number): Promise<Buffer> {
  const { width, height } = await sharp(png).metadata();
  return sharp(png)
    .extract({ left: width - widthPx, top: 0, width: widthPx, height })
    .png()
    .toBuffer();
}
