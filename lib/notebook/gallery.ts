import { escapeHtml } from "../base";
import { type Displayable, html } from "./mime";
import { gridMarkup, type Item, itemText, type Tile, tileOf } from "./tile";

/** Pictures that show themselves. */
export type Gallery = Displayable;

/** How a gallery is laid out. */
export interface GalleryOptions {
  columns?: number;
  /** Of a picture, in pixels. */
  width?: number;
  caption?: string;
}

/** Pictures with their titles, shrunk and in a grid; one that cannot be read leaves its reason in its place. */
export async function gallery(items: readonly Item[], options: GalleryOptions = {}): Promise<Gallery> {
  const { width = 220, columns, caption } = options;
  const tiles: Tile[] = [];
  for (const item of items) tiles.push(await tileOf(item, width));
  const head = caption === undefined ? "" : `<p style="margin:4px 0;font-weight:600">${escapeHtml(caption)}</p>`;
  const text = [...(caption === undefined ? [] : [caption]), ...items.map(itemText)].join("\n");
  return html(head + gridMarkup(tiles, width, columns), text);
}
