/** Name of the method that displays a value in a notebook (Deno's convention, which our kernel follows). */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** One output in several formats; the notebook shows the richest that it supports. */
export interface MimeBundle {
  [mime: string]: unknown;
}

/** What a notebook can show: as the last expression of a cell, or by `display`. */
export interface Displayable {
  [DISPLAY](): MimeBundle;
}

/** Makes HTML that a notebook shows, with plain text for logs and terminals. */
export function html(markup: string, text: string): Displayable {
  return { [DISPLAY]: () => ({ "text/html": markup, "text/plain": text }) };
}

/** Makes plain text that a notebook shows. */
export function text(words: string): Displayable {
  return { [DISPLAY]: () => ({ "text/plain": words }) };
}
