import { createHash } from "node:crypto";
import { escapeHtml } from "../base";
import { BACKGROUND, QUIET_TEXT, RULE, TEXT } from "./markup";

/** A dot of a map as it is drawn. */
export interface Dot {
  /** From left and top, 0 to 1. */
  left: number;
  top: number;
  colour: string;
  label: string;
  /** What stands in its card besides the label: a picture, or why there is none; null if it has no card. */
  inside: string | null;
}

/** Room around the outermost dots, in parts of the map. */
const ROOM = 0.03;

/**
 * Dots, each with a card that appears under the pointer or at the keyboard's focus. It is CSS alone: no script runs,
 * and where a notebook is not trusted and loses the style sheet, cards stay hidden and each dot keeps its title.
 */
export function mapMarkup(dots: readonly Dot[], height: number): string {
  const body = dots.map(dotMarkup).join("");
  // Several maps share a page, and each has its own rules.
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
  // The style sheet takes the title from the pointer: it would cover the card.
  const named = `<span class="tm-name" style="position:absolute;left:0;top:0;width:${size}px;height:${size}px" ${title}></span>`;
  return `<div class="tm-dot" tabindex="0" style="${place};${look}">${named}${cardMarkup(left, top, label, inside)}</div>`;
}

/** The card opens towards the middle of the map, so that it stays in sight. */
function cardMarkup(left: number, top: number, label: string, inside: string): string {
  const side = `${left > 0.5 ? "right" : "left"}:14px;${top > 0.5 ? "bottom" : "top"}:14px`;
  const look = `background-color:${BACKGROUND};border:1px solid ${QUIET_TEXT};border-radius:4px;padding:6px`;
  const text = `font-size:12px;line-height:1.3;color:${TEXT};overflow-wrap:anywhere`;
  return `<div class="tm-card" style="display:none;position:absolute;${side};width:172px;${look};${text}">${inside}${escapeHtml(label)}</div>`;
}

/** Which colour stands for which group. */
export function legendMarkup(colours: ReadonlyMap<string, string>): string {
  if (colours.size < 2) return "";
  const entries = [...colours].map(([group, colour]) => {
    const chip = `display:inline-block;width:10px;height:10px;border-radius:50%;background-color:${colour}`;
    return `<span style="margin-right:14px"><span style="${chip}"></span> ${escapeHtml(group)}</span>`;
  });
  return `<div style="font-size:13px;margin:4px 0">${entries.join("")}</div>`;
}
