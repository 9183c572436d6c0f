import Module, { createRequire } from "node:module";

/** From now on this process runs TypeScript, by tsx, whether it is required or imported. */
export async function loadTypeScript() {
  const plain = Module._extensions[".js"];
  await import("tsx");
  // Packages' .cjs files are as Node wants them; tsx would rewrite them at every start, which takes a tenth of it.
  Module._extensions[".cjs"] = plain;
  // Its other half serves dynamic imports.
  createRequire(import.meta.url)("tsx/esm/api").register();
}
