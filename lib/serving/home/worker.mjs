// Reads a home's store in a thread of its own: PGlite computes on the thread that opens it, and requests must not wait.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("tsx/cjs/api").register();

export const { readHome } = require("./read-home.ts");
