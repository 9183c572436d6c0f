import { createHash } from "node:crypto";
import { escapeHtml } from "../base";
import { BACKGROUND, QUIET_TEXT, RULE, TEXT } from "./markup";

/** A dot of a map, ready to be drawn. */
export interface Dot {
  /** Position from the left and from the top, 0 to 1. */
  left: number;
  top: number;
  colour: string;
  label: string;
  /** HTML in its card besides the label: a picture, or the reason why there is none; null if it has no card. */
  inside: string | null;
}

/** Margin around the outermost dots, as a fraction of the map. */
const ROOM = 0.03;

/**
 * Draws dots, each with a card that appears on hover or keyboard focus. It uses CSS only, no script. An untrusted
 * notebook drops the style sheet; cards then stay hidden, and each dot keeps its title.
 */
export function mapMarkup(dots: readonly Dot[], height: number): string {
  const body = dots.map(dotMarkup).join("");
  // Several maps may share a page, so each has its own rules.
  const name = `tm-${createHash("sha256").update(body).digest("hex").slice(0, 10)}`;
  const shown = `.${name} .tm-dot:hover,.${name} .tm-dot:focus{z-index:2;outline:2px solid ${TEXT}}`;
  const names = `.${name} .tm-name{pointer-events:none}`;
  const cards = `.${name} .tm-dot:hover>.tm-card,.${name} .tm-dot:focus>.tm-card{display:block!important}`;
  const frame = `position:relative;height:${height}px;border:1px solid ${RULE};border-radius:6px`;
  return `<style>${shown}${names}${cards}</style><div class="${name}" style="${frame}">${body}</div>`;
}

function dotMarkup({ left, top, colour, label, inside }: Dot): string {
  const percent = (share: number) => `${(100 * (ROOM + share * (1 - 2 * ROOM))).toFixed(2)}%`;
  const size = inside === null ? 5 : 10;
  const place = `position:absolute;left:${percent(left)};top:${percent(top)};margin:-${size / 2}px`;
  const look = `width:${size}px;height:${size}px;border-radius:50%;background-color:${colour}`;
  const title = `title="${escapeHtml(label)}"`;
  if (inside === null) return `<div style="${place};${look};opacity:0.5" ${title}></div>`;
  // The style sheet hides the title from the pointer, since its tooltip would cover the card.
  const named = `<span class="tm-name" style="position:absolute;left:0;top:0;width:${size}px;height:${size}px" ${title}></span>`;
  return `<div class="tm-dot" tabindex="0" style="${place};${look}">${named}${cardMarkup(left, top, label, inside)}</div>`;
}

/** Makes a card that opens towards the middle of the map, so that it stays visible. */
function cardMarkup(left: number, top: number, label: string, inside: string): string {
  const side = `${left > 0.5 ? "right" : "left"}:14px;${top > 0.5 ? "bottom" : "top"}:14px`;
  const look = `background-color:${BACKGROUND};border:1px solid ${QUIET_TEXT};border-radius:4px;padding:6px`;
  const text = `font-size:12px;line-height:1.3;color:${TEXT};overflow-wrap:anywhere`;
  return `<div class="tm-card" style="display:none;position:absolute;${side};width:172px;${look};${text}">${inside}${escapeHtml(label)}</div>`;
}

/** Draws the legend of groups and their colours; empty for fewer than two groups. */
export function legendMarkup(colours: ReadonlyMap<string, string>): string {
  if (colours.size < 2) return "";
  const entries = [...colours].map(([group, colour]) => {
    const chip = `display:inline-block;width:10px;height:10px;border-radius:50%;background-color:${colour}`;
    return `<span style="margin-right:14px"><span style="${chip}"></span> ${escapeHtml(group)}</span>`;
  });
  return `<div style="font-size:13px;margin:4px 0">${entries.join("")}</div>`;
}
