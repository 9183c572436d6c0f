import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/places.mjs";

/** The notebooks' paths, in their order. */
export function allNotebooks(folder = join(root, "notebooks")) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => join(folder, name));
}
