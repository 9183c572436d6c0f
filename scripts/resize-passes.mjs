// npm run resize-passes: makes lib/embedding/resize/passes-wasm.ts from passes.wat beside it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeWhole } from "./setup/files.mjs";
import { root } from "./setup/places.mjs";
import { loadTypeScript } from "./setup/typescript.mjs";

loadTypeScript();
const { makePasses } = createRequire(import.meta.url)("./resize/passes");
const folder = join(root, "lib", "embedding", "resize");
writeWhole(join(folder, "passes-wasm.ts"), await makePasses(readFileSync(join(folder, "passes.wat"), "utf8")));
