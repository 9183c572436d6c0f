// node scripts/run.mjs node_modules/tsx/dist/cli.mjs tests/kernel/screenshots.mts FOLDER [03_pairs 05_train]
// Notebooks in JupyterLab as Chromium shows them, to be looked at: while a training runs and after, light and dark, wide
// and narrow. They run with the profile smoke in a home of their own.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../house/files";
import { hideSidebar, launchChromium, openNotebook, setTheme } from "./browser";
import { type Lab, startLab } from "./lab";

const THEMES = ["light", "dark"] as const;
const WIDTHS = { wide: 1400, narrow: 500, phone: 390 };
const HEIGHT = 1600;
/** Enough for the averaging to begin, and for pictures to be taken before the end. */
const EPOCHS = 60;

const [folder = "screenshots", ...asked] = process.argv.slice(2);
const target = resolve(folder);
mkdirSync(target, { recursive: true });
const lab = await startLab();
const browser = await launchChromium();
try {
  for (const name of asked.length > 0 ? asked : ["03_pairs", "05_train"]) await shoot(name);
} finally {
  await browser.close();
  await lab.close();
}

async function shoot(name: string): Promise<void> {
  plant(lab, name);
  setTheme(lab, "light");
  const page = await openNotebook(browser, lab, `${name}.ipynb`, { width: WIDTHS.wide, height: HEIGHT });
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByText("Run All Cells", { exact: true }).click();
  await hideSidebar(page);
  if (name === "05_train") await shootTraining(page, name);
  await saveOnceRun(page, join(lab.folder, `${name}.ipynb`));
  await page.close();
  for (const theme of THEMES) {
    setTheme(lab, theme);
    for (const [kind, width] of Object.entries(WIDTHS)) await shootAll(name, theme, kind, width);
  }
}

/** The notebook beside the lab's others, with parameters for a short run. */
function plant({ folder: home }: Lab, name: string): void {
  const text = readFileSync(join(root, "notebooks", `${name}.ipynb`), "utf8");
  const short = text
    .replace(/(let profile: [^=]+ = )\\"sample\\"/, '$1\\"smoke\\"')
    .replace("let home: string | null = null", `let home: string | null = \\"${join(home, "home")}\\"`)
    .replace("let epochs: number | null = null", `let epochs: number | null = ${EPOCHS}`);
  writeFileSync(join(home, `${name}.ipynb`), short);
}

/** The training cell while it runs, in both themes and all widths. */
async function shootTraining(page: Page, name: string): Promise<void> {
  const cell = page.locator(".jp-CodeCell", { hasText: "nb.watchTraining(" });
  await cell.locator(".jp-RenderedPlotly path.point").nth(20).waitFor({ state: "attached", timeout: 600_000 });
  for (const theme of THEMES) {
    await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
    await page.getByText("Theme", { exact: true }).hover();
    await page.getByText(theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light", { exact: true }).click();
    for (const [kind, width] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width, height: HEIGHT });
      await page.waitForTimeout(1000);
      // JupyterLab measures the cells that come into view, which moves the others.
      for (let times = 0; times < 3; times++) {
        await cell.evaluate((it) => it.scrollIntoView({ block: "start" }));
        await page.waitForTimeout(300);
      }
      await page.screenshot({ path: join(target, `${name}-running-${theme}-${kind}.png`) });
    }
    await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
  }
}

/** Saves until each code cell in the file has run; the status bar may say "Idle" before. */
async function saveOnceRun(page: Page, path: string): Promise<void> {
  for (let isDone = false; !isDone; ) {
    await page.keyboard.press("Control+s");
    await page.waitForTimeout(3000);
    const { cells } = JSON.parse(readFileSync(path, "utf8")) as {
      cells: { cell_type: string; execution_count?: number | null }[];
    };
    isDone = cells.every((cell) => cell.cell_type !== "code" || typeof cell.execution_count === "number");
  }
}

/** The whole notebook, page by page. */
async function shootAll(name: string, theme: string, kind: string, width: number): Promise<void> {
  const page = await openNotebook(browser, lab, `${name}.ipynb`, { width: WIDTHS.wide, height: HEIGHT });
  await hideSidebar(page);
  await page.setViewportSize({ width, height: HEIGHT });
  const scroller = page.locator(".jp-WindowedPanel-outer").first();
  for (let at = 0, isEnd = false; !isEnd; at++) {
    await page.waitForTimeout(1500);
    await page.screenshot({ path: join(target, `${name}-${theme}-${kind}-${String(at).padStart(2, "0")}.png`) });
    isEnd = await scroller.evaluate((it) => {
      const before = it.scrollTop;
      it.scrollBy(0, it.clientHeight - 80);
      return it.scrollTop - before < 10;
    });
  }
  await page.close();
}
