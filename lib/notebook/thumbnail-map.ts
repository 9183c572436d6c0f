import { at, escapeHtml } from "../base";
import { type Dot, legendMarkup, mapMarkup } from "./map-markup";
import { QUIET_TEXT } from "./markup";
import { type Displayable, html } from "./mime";
import { formatNumber } from "./number";
import { colourOf, QUIET } from "./template";
import { thumbnail } from "./tile";

/** A picture at a position on the map. */
export interface MapPoint {
  x: number;
  y: number;
  /** A file, or its bytes. */
  picture: string | Uint8Array;
  label: string;
  group?: string | undefined;
}

/** How a map is drawn. */
export interface MapOptions {
  title?: string;
  /** Height in pixels. */
  height?: number;
  /** Most dots with a picture: each adds about 3 kB to the notebook. */
  limit?: number;
}

const MOST_DOTS = 3_000;
const LIMIT = 300;
const WIDTH = 96;

/**
 * Draws a map of pictures: each dot shows its picture and label on hover. It uses no script, so it works in a saved
 * notebook and offline; an untrusted notebook keeps the dots and their titles.
 */
export async function thumbnailMap(points: readonly MapPoint[], options: MapOptions = {}): Promise<Displayable> {
  const { title, height = 480, limit = LIMIT } = options;
  const placed = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const drawn = everyNth(placed, MOST_DOTS);
  const pictured = new Set(everyNth(drawn, limit));
  const colours = new Map([...new Set(drawn.map(groupOf))].map((group, i) => [group, colourOf(i)]));
  const left = spread(drawn.map(({ x }) => x));
  const top = spread(drawn.map(({ y }) => -y));
  const dots: Dot[] = [];
  for (const point of drawn) {
    const inside = pictured.has(point) ? await drawInside(point) : null;
    const colour = colours.get(groupOf(point)) ?? QUIET;
    dots.push({ left: left(point.x), top: top(-point.y), colour, label: labelOf(point), inside });
  }
  // Later dots cover earlier ones, so those with a picture go last.
  dots.sort((a, b) => Number(a.inside !== null) - Number(b.inside !== null));
  const note = describeDrawn(points.length, drawn.length, pictured.size);
  const head = title === undefined ? "" : `<div style="font-size:16px;margin:4px 0">${escapeHtml(title)}</div>`;
  const below = `<div style="font-size:12px;color:${QUIET_TEXT}">${escapeHtml(note)}</div>`;
  return html(
    `<div style="max-width:900px">${head}${legendMarkup(colours)}${mapMarkup(dots, height)}${below}</div>`,
    `[map] ${title ?? "untitled"}: ${note}`,
  );
}

const groupOf = ({ group }: MapPoint) => group ?? "";
const labelOf = ({ label, group }: MapPoint) => (group === undefined ? label : `${label} (${group})`);

async function drawInside({ picture }: MapPoint): Promise<string> {
  const shown = await thumbnail(picture, WIDTH, 60);
  if ("reason" in shown) return `<div>no picture: ${escapeHtml(shown.reason)}</div>`;
  return `<img src="${shown.uri}" alt="" style="display:block;width:160px;height:auto;margin-bottom:4px">`;
}

function describeDrawn(given: number, drawn: number, pictured: number): string {
  const dots = drawn < given ? `${formatNumber(drawn)} of ${formatNumber(given)} drawn` : `${formatNumber(given)} dots`;
  return pictured < drawn ? `${dots}; ${formatNumber(pictured)}, the larger ones, have a picture` : dots;
}

/** At most `most` of the items, evenly spaced. */
function everyNth<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => at(items, Math.floor((i * items.length) / most)));
}

/** Makes a function that scales values to 0-1 between their minimum and maximum; 0.5 if these are equal. */
function spread(values: readonly number[]): (value: number) => number {
  const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  return (value) => (most > least ? (value - least) / (most - least) : 0.5);
}
