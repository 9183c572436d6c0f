import { escapeControls } from "../base";
import { host } from "./host";
import { DISPLAY, type Displayable } from "./mime";

/** Shows something at once, in the middle of a cell; outside a notebook, prints its plain text to stdout. */
export function display(what: Displayable): void {
  const bundle = what[DISPLAY]();
  const kernel = host();
  if (kernel === undefined) process.stdout.write(`${escapeControls(String(bundle["text/plain"] ?? ""))}\n`);
  else kernel.display(bundle);
}

let slots = 0;

/** A place in a cell's output that can be redrawn. */
export interface Slot {
  draw(what: Displayable): void;
}

/** Opens a slot: the first `draw` shows it, and each later one redraws it in place. */
export function openSlot(): Slot {
  // The time keeps ids distinct from those made before the module was reloaded.
  const displayId = `thumbrank-${Date.now().toString(36)}-${slots++}`;
  let update = false;
  return {
    draw: (what) => {
      const kernel = host();
      if (kernel === undefined) return display(what);
      kernel.display(what[DISPLAY](), { displayId, update });
      update = true;
    },
  };
}
