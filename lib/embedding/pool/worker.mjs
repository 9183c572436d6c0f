// A thread of the encoder pool. It loads only what decoding and the built-in descriptor need, because each thread pays for it.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("tsx/cjs/api").register();

export const { performTask } = require("./task.ts");
