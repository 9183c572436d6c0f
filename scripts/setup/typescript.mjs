import Module, { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** From now on this process runs TypeScript, by tsx, whether it is required or imported. */
export function loadTypeScript() {
  const plain = Module._extensions[".js"];
  require("tsx/cjs");
  // Packages' .cjs files are as Node wants them; tsx would rewrite them at every start, which takes a tenth of it.
  Module._extensions[".cjs"] = plain;
  // Its other half serves dynamic imports.
  require("tsx/esm/api").register();
}
