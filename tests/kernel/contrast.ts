import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** WCAG's least contrast of letters, and of what a drawing is made of. */
const LEAST = { text: 4.5, drawing: 3 };

/** What of a page's outputs is hard to see, and how many texts were looked at. */
export interface Seen {
  texts: number;
  drawings: number;
  tooFaint: string[];
}

/** Looks at every text, and every line, bar and dot of a plot, in the outputs of a notebook. */
export function contrastOf(page: Page): Promise<Seen> {
  return page.evaluate<Seen>(`(${look.toString()})(${JSON.stringify(LEAST)})`);
}

/** What axe finds of serious or critical faults in the outputs of a notebook. */
export async function seriousFaults(page: Page): Promise<string[]> {
  const file = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(file, "utf8"));
  return page.evaluate<string[]>(`axe.run({ include: [".jp-OutputArea-output"] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 120))))`);
}

/** Runs in the page: what it needs stands within it. */
function look(least: typeof LEAST): Seen {
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const parse = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a]: Colour, [R, G, B]: Colour): Colour => {
    const mix = (above: number, below: number) => a * above + (1 - a) * below;
    return [mix(r, R), mix(g, G), mix(b, B), 1];
  };
  const luminance = ([r, g, b]: Colour) => {
    const linear = (value: number) => (value <= 10.3 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (one: Colour, two: Colour) => {
    const [light = 0, dark = 0] = [luminance(one), luminance(two)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const opacity = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacity(element.parentElement);
  const isSeen = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width + height > 0 && getComputedStyle(element).visibility === "visible";
  };
  const seen: Seen = { texts: 0, drawings: 0, tooFaint: [] };
  const judge = (element: Element, paint: string, wanted: number, kind: string) => {
    const [r, g, b, a] = parse(paint);
    const background = behind(element);
    const found = contrast(over([r, g, b, a * opacity(element)], background), background);
    if (found < wanted)
      seen.tooFaint.push(
        `${kind} ${found.toFixed(2)}: ${element.tagName} ${element.textContent?.slice(0, 40)} ${paint}`,
      );
  };
  for (const element of document.querySelectorAll(".jp-OutputArea-output *")) {
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== "");
    if (hasText && isSeen(element) && element.tagName !== "STYLE") {
      seen.texts++;
      judge(element, element instanceof SVGElement ? style.fill : style.color, least.text, "text");
    }
    if (element.matches(".js-line") && isSeen(element)) {
      seen.drawings++;
      judge(element, style.stroke, least.drawing, "line");
    }
    if (element.matches(".bars .point path, .points path.point") && isSeen(element)) {
      seen.drawings++;
      // Bars drawn over each other let one another shine through; their edge is what is seen.
      const { opacity: own } = style;
      judge(element, style.fill, Number(own) < 1 || Number(style.opacity) < 1 ? 1.5 : least.drawing, "shape");
    }
  }
  return seen;
}
