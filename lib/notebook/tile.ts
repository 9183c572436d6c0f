import { basename } from "node:path";
import { escapeHtml } from "../base";
import { previewUri, ThumbnailRefused } from "../thumbnails";
import { gridColumns, QUIET_TEXT, RULE } from "./markup";
import { TONES } from "./template";

/** A picture with its texts. */
export interface Item {
  /** A file, or its bytes. */
  picture: string | Uint8Array;
  title: string;
  caption?: string | undefined;
  badge?: string | undefined;
  tone?: "good" | "bad" | "neutral" | undefined;
}

/** An item ready to be drawn. */
export interface Tile extends Item {
  shown: Thumbnail;
}

/** A small picture as a data URI, or the reason why there is none. */
type Thumbnail = { uri: string } | { reason: string };

/** Reads and shrinks an item's picture. */
export async function makeTile(item: Item, width: number): Promise<Tile> {
  // Twice the width, for high-density screens, would double the notebook's size; 1.5 times is sharp enough.
  return { ...item, shown: await thumbnail(item.picture, Math.round(width * 1.5)) };
}

/** An item as one line of text. */
export function itemText({ title, caption, badge }: Item): string {
  return `[picture] ${[badge, title, caption].filter((part) => part !== undefined && part !== "").join(" · ")}`;
}

const GAP_PX = 14;

/** Draws tiles in a grid of at most `columns` columns; as many as fit if omitted. */
export function gridMarkup(tiles: readonly Tile[], width: number, columns?: number): string {
  const tracks =
    columns === undefined ? `repeat(auto-fill,minmax(min(100%,${width}px),1fr))` : gridColumns(columns, GAP_PX);
  const most = columns === undefined ? "" : `;max-width:${columns * (width + GAP_PX)}px`;
  return `<div style="display:grid;grid-template-columns:${tracks};gap:${GAP_PX}px;margin:4px 0${most}">${tiles.map(tileMarkup).join("")}</div>`;
}

export function tileMarkup({ title, caption, badge, tone = "neutral", shown }: Tile): string {
  const colour = TONES[tone];
  const label =
    badge === undefined
      ? ""
      : `<span style="display:inline-block;background:${colour};color:#fff;border-radius:4px;padding:0 6px;font-size:12px">${escapeHtml(badge)}</span>`;
  const below =
    caption === undefined ? "" : `<div style="color:${QUIET_TEXT};font-size:12px">${escapeHtml(caption)}</div>`;
  return `<figure style="margin:0;min-width:0">${thumbnailMarkup(shown, title)}<figcaption style="margin-top:4px;font-size:13px;line-height:1.35;overflow-wrap:anywhere">${label}<div>${escapeHtml(title)}</div>${below}</figcaption></figure>`;
}

function thumbnailMarkup(shown: Thumbnail, title: string): string {
  if ("uri" in shown)
    return `<img src="${shown.uri}" alt="${escapeHtml(title)}" style="width:100%;height:auto;border-radius:4px;display:block">`;
  return `<div role="img" aria-label="${escapeHtml(title)}" style="padding:24px 8px;border:1px dashed ${RULE};border-radius:4px;color:${QUIET_TEXT};font-size:12px;text-align:center">no picture: ${escapeHtml(shown.reason)}</div>`;
}

/**
 * Reads and shrinks a picture.
 * @param picture its file, or its bytes; empty if the video has none
 * @param width in pixels
 */
export async function thumbnail(picture: string | Uint8Array, width: number, quality = 74): Promise<Thumbnail> {
  if (picture.length === 0) return { reason: "the video has none" };
  try {
    return { uri: await previewUri(picture, width, { type: "webp", quality }) };
  } catch (thrown) {
    if (!(thrown instanceof ThumbnailRefused)) throw thrown;
    const isMissing = thrown.code === "PICTURE_MISSING" && typeof picture === "string";
    return { reason: isMissing ? `${basename(picture)} is missing` : thrown.reason };
  }
}
