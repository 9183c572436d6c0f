import { display, openSlot, type Slot } from "./display";
import type { Figure } from "./figure";
import { host } from "./host";

const REDRAW_MS = 500;

/** A figure that is redrawn in place while a job runs. */
export interface LiveFigure {
  /** Draws a new state, at most twice a second. */
  update(figure: Figure): void;
  /** Draws the last state. */
  close(): void;
}

/** Shows a figure that will change; only its last state is drawn if nobody is watching. @param now clock in ms */
export function liveFigure(first: Figure, now: () => number = Date.now): LiveFigure {
  const kernel = host();
  if (kernel === undefined || kernel.headless) return lastOnly(first);
  const slot = openSlot();
  let drawnAt = now();
  let waiting: Figure | null = null;
  slot.draw(first);
  return {
    update: (figure) => {
      waiting = figure;
      if (now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      waiting = drawn(slot, figure);
    },
    close: () => {
      if (waiting !== null) waiting = drawn(slot, waiting);
    },
  };
}

function drawn(slot: Slot, figure: Figure): null {
  slot.draw(figure);
  return null;
}

function lastOnly(first: Figure): LiveFigure {
  let last: Figure | null = first;
  return {
    update: (figure) => {
      last = figure;
    },
    close: () => {
      if (last !== null) display(last);
      last = null;
    },
  };
}
