import { escapeHtml } from "../escape";
import type { Gallery, GalleryOptions } from "./gallery";
import { html } from "./mime";
import { gridMarkup, type Item, itemText, tileOf } from "./tile";

/** Two pictures, of which the first won. */
export interface PicturePair {
  winner: Item;
  loser: Item;
  caption: string;
}

/** Pairs of pictures, the winner left. */
export async function pairGallery(pairs: readonly PicturePair[], options: GalleryOptions = {}): Promise<Gallery> {
  const { width = 220, columns = 1, caption } = options;
  const cards: string[] = [];
  for (const pair of pairs) {
    const winner = await tileOf({ badge: "winner", tone: "good", ...pair.winner }, width);
    const loser = await tileOf({ badge: "loser", tone: "neutral", ...pair.loser }, width);
    const about = `<p style="margin:0 0 4px;font-size:13px;font-weight:600">${escapeHtml(pair.caption)}</p>`;
    cards.push(
      `<div style="min-width:0;border:1px solid #d7dde3;border-radius:6px;padding:10px">${about}${gridMarkup([winner, loser], width, 2)}</div>`,
    );
  }
  const head = caption === undefined ? "" : `<p style="margin:4px 0;font-weight:600">${escapeHtml(caption)}</p>`;
  const grid = `<div style="display:grid;grid-template-columns:repeat(${columns},minmax(0,${2 * width + 48}px));gap:14px">${cards.join("")}</div>`;
  const text = pairs.flatMap((pair) => [pair.caption, itemText(pair.winner), itemText(pair.loser)]);
  return html(head + grid, [...(caption === undefined ? [] : [caption]), ...text].join("\n"));
}
