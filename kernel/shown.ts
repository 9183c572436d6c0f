import { inspect } from "node:util";

const DISPLAY = Symbol.for("Jupyter.display");

/** What a notebook shows for a value: its own MIME bundle if it has one (Deno's convention), else text. */
export function toBundle(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && DISPLAY in value && typeof value[DISPLAY] === "function") {
    return value[DISPLAY]();
  }
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}
