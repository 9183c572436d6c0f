// npm run bench NAME [ARGUMENTS]: runs bench/NAME.ts by tsx; without a name, lists what there is.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { root } from "./setup/places.mjs";
import { loadTypeScript } from "./setup/typescript.mjs";

const [name, ...args] = process.argv.slice(2);
const script = join(root, "bench", `${name}.ts`);
if (name === undefined || !existsSync(script)) {
  const names = readdirSync(join(root, "bench")).filter((file) => file.endsWith(".ts"));
  process.stderr.write(
    `npm run bench NAME, of: ${names.map((file) => basename(file, ".ts")).join(", ") || "(none)"}\n`,
  );
  process.exitCode = 1;
} else {
  process.argv = [process.execPath, script, ...args];
  loadTypeScript();
  createRequire(import.meta.url)(script);
}
