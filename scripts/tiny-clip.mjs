// npm run tiny-clip -- --out FOLDER [--seed N] [--steps N] [--channels N]: trains a tiny CLIP on drawn pictures.
import { createRequire } from "node:module";
import { loadTypeScript } from "./setup/typescript.mjs";

loadTypeScript();
const { main } = createRequire(import.meta.url)("./tiny-clip/main");
await main(process.argv.slice(2));
