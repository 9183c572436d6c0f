import { join } from "node:path";
import { root } from "./setup/places.mjs";

// tslab brings an older compiler, which takes the place of ours among npm's programs.
const ours = { tsc: join("@typescript", "native", "bin", "tsc") };

/** The path of a program out of node_modules. */
export const program = (name) => join(root, "node_modules", ours[name] ?? join(".bin", name));
