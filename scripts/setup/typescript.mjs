import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "./places.mjs";

const require = createRequire(import.meta.url);

/** From now on this process runs TypeScript, by tsx, whether it is required or imported. */
export function loadTypeScript() {
  // Node keeps what it compiled for the next start; a folder that cannot be written is no error.
  // Imported by its name, it would keep an older Node, which lacks it, from handing over to Node 22.
  Module.enableCompileCache(join(cacheFolder(), "compiled"));
  const plain = Module._extensions[".js"];
  require("tsx/cjs");
  // Packages' .cjs files are as Node wants them; tsx would rewrite them at every start, which takes a tenth of it.
  Module._extensions[".cjs"] = plain;
  // Its other half serves dynamic imports.
  require("tsx/esm/api").register();
  leaveOutLanguages();
}

/** Zod's messages in fifty languages would take a seventh of every start; English is not among what this leaves out. */
function leaveOutLanguages() {
  const path = require.resolve("zod/v4/locales");
  require.cache[path] = Object.assign(new Module(path), { exports: {}, loaded: true });
}
