import { escapeHtml } from "../base";
import { gridColumns, RULE } from "./markup";
import { type Displayable, html } from "./mime";
import { gridMarkup, type Item, itemText, makeTile, type Tile } from "./tile";

/** Pictures that a notebook can show. */
export type Gallery = Displayable;

/** How a gallery is laid out. */
export interface GalleryOptions {
  columns?: number;
  /** Width of a picture, in pixels. */
  width?: number;
  caption?: string;
}

/** A winner and a loser, shown side by side. */
export interface ThumbnailPair {
  winner: Item;
  loser: Item;
  caption: string;
}

const GAP_PX = 14;
/** Least width of a card; the gallery uses fewer columns rather than go below it. */
const LEAST_CARD_PX = 320;

/** Shows shrunken pictures with their titles in a grid; an unreadable picture is replaced by the reason. */
export async function gallery(items: readonly Item[], options: GalleryOptions = {}): Promise<Gallery> {
  const { width = 220, columns, caption } = options;
  const tiles: Tile[] = [];
  for (const item of items) tiles.push(await makeTile(item, width));
  const head = caption === undefined ? "" : `<p style="margin:4px 0;font-weight:600">${escapeHtml(caption)}</p>`;
  const text = [...(caption === undefined ? [] : [caption]), ...items.map(itemText)].join("\n");
  return html(head + gridMarkup(tiles, width, columns), text);
}

/** Shows pairs of pictures, the winner on the left. */
export async function pairGallery(pairs: readonly ThumbnailPair[], options: GalleryOptions = {}): Promise<Gallery> {
  const { width = 220, columns = 1, caption } = options;
  const cards: string[] = [];
  for (const pair of pairs) {
    const winner = await makeTile({ badge: "winner", tone: "good", ...pair.winner }, width);
    const loser = await makeTile({ badge: "loser", tone: "neutral", ...pair.loser }, width);
    const about = `<p style="margin:0 0 4px;font-size:13px;font-weight:600">${escapeHtml(pair.caption)}</p>`;
    cards.push(
      `<div style="min-width:0;border:1px solid ${RULE};border-radius:6px;padding:10px">${about}${gridMarkup([winner, loser], width, 2)}</div>`,
    );
  }
  const head = caption === undefined ? "" : `<p style="margin:4px 0;font-weight:600">${escapeHtml(caption)}</p>`;
  const most = columns * (2 * width + 48 + GAP_PX);
  const tracks = gridColumns(columns, GAP_PX, LEAST_CARD_PX);
  const grid = `<div style="display:grid;grid-template-columns:${tracks};gap:${GAP_PX}px;max-width:${most}px">${cards.join("")}</div>`;
  const text = pairs.flatMap((pair) => [pair.caption, itemText(pair.winner), itemText(pair.loser)]);
  return html(head + grid, [...(caption === undefined ? [] : [caption]), ...text].join("\n"));
}
