import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const WIDTH = 1000;
const TALLEST = 1600;

/** What to rank on the page of a service. */
export interface PageQuestion {
  /** Files, with the names under which the page shows them. */
  pictures: readonly { name: string; path: string }[];
  title: string;
}

/**
 * Ranks pictures on the page of a running service in Chromium, as a person would, and takes a picture of it.
 * @param address of the service, such as http://127.0.0.1:8080
 * @returns PNG; null if there is no Chromium, which THUMBRANK_CHROMIUM can name
 */
export async function pictureServicePage(address: string, question: PageQuestion): Promise<Uint8Array | null> {
  const executablePath = [process.env.THUMBRANK_CHROMIUM, ...PLACES].find((path) => path && existsSync(path));
  if (executablePath === undefined) return null;
  // A package for development, which a notebook's reader has.
  const { chromium } = await import("playwright-core");
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser: Browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
    await page.goto(address);
    await rankOnPage(page, question);
    const height = await page.evaluate<number>("document.documentElement.scrollHeight");
    const clip = { x: 0, y: 0, width: WIDTH, height: Math.min(height, TALLEST) };
    return await page.screenshot({ fullPage: true, clip });
  } finally {
    await browser.close();
  }
}

async function rankOnPage(page: Page, { pictures, title }: PageQuestion): Promise<void> {
  const files = pictures.map(async ({ name, path }) => ({
    name,
    mimeType: "image/jpeg",
    buffer: await readFile(path),
  }));
  await page.setInputFiles("#files", await Promise.all(files));
  await page.getByLabel("Title 1").fill(title);
  await page.click("#rank");
  await page.waitForSelector("#result", { state: "visible" });
}
