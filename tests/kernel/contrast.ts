import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

/** A function that runs in the page, where there is a document. */
const IN_PAGE = fileURLToPath(new URL("contrast-in-page.js", import.meta.url));

/** WCAG's least contrast of letters, and of what a drawing is made of. */
const LEAST = { text: 4.5, drawing: 3 };

/** What of a page's outputs is hard to see, and how many texts were looked at. */
export interface Seen {
  texts: number;
  drawings: number;
  tooFaint: string[];
}

/** Looks at every text, and every line, bar and dot of a plot, in the outputs of a notebook. */
export async function contrastOf(page: Page): Promise<Seen> {
  await page.evaluate(readFileSync(IN_PAGE, "utf8"));
  return page.evaluate<Seen>(`contrastIn(${JSON.stringify(LEAST)})`);
}

/** What axe finds of serious or critical faults in the outputs of a notebook. */
export async function seriousFaults(page: Page): Promise<string[]> {
  const file = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(file, "utf8"));
  return page.evaluate<string[]>(`axe.run({ include: [".jp-OutputArea-output"] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 120))))`);
}
