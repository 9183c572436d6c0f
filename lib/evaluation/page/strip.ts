import { COLOURS } from "../../page";
import type { Estimate } from "../bootstrap";

/** Bounds of the AUC axis of one table. */
export interface Scale {
  from: number;
  to: number;
}

const WIDTH = 180;
const HEIGHT = 18;

/** A scale that includes chance and all the figures, with a small margin. */
export function makeScale(estimates: Estimate[]): Scale {
  const figures = estimates
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((figure) => !Number.isNaN(figure));
  return { from: Math.min(0.45, ...figures) - 0.01, to: Math.max(0.55, ...figures) + 0.01 };
}

/** A small drawing of a figure and its interval; the dotted line is chance. */
export function strip({ value, low, high }: Estimate, { from, to }: Scale, kind: "model" | "other" | "truth"): string {
  if (Number.isNaN(value)) return "";
  const x = (figure: number) => (((figure - from) / (to - from)) * WIDTH).toFixed(1);
  const colour = COLOURS[kind];
  const middle = HEIGHT / 2;
  const chance = `<line x1="${x(0.5)}" x2="${x(0.5)}" y1="0" y2="${HEIGHT}" stroke="${COLOURS.quiet}" stroke-dasharray="2 3"/>`;
  const range = Number.isNaN(low)
    ? ""
    : `<line x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}" stroke="${colour}" stroke-width="2"/>`;
  const dot = `<circle cx="${x(value)}" cy="${middle}" r="4.5" fill="${colour}"/>`;
  return `<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">${chance}${range}${dot}</svg>`;
}
