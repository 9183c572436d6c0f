import { createRequire } from "node:module";
import type { DataFrame } from "danfojs-node";
import { DISPLAY } from "./mime";
import { table } from "./table";

/**
 * Makes a Danfo.js DataFrame, for exploring: `frame(rows).groupby(["niche"]).col(["views"]).mean()`. Frames and series
 * show themselves as tables.
 */
export function frame(rows: readonly object[]): DataFrame {
  // Danfo.js takes most of a second to load, and most cells do not need it.
  const danfo = createRequire(__filename)("danfojs-node") as typeof import("danfojs-node");
  const prototype = danfo.NDframe.prototype as object;
  if (!(DISPLAY in prototype)) {
    Object.defineProperty(prototype, DISPLAY, {
      value(this: DataFrame) {
        return table(this)[DISPLAY]();
      },
    });
  }
  return new danfo.DataFrame([...rows]);
}
