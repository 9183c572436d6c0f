import * as koffi from "koffi";

export const C_LIBRARY = process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6";

/** dlopen's flags: resolve all symbols now, and never unload. */
const NOW_AND_FOR_EVER = { linux: 0x1002, darwin: 0x82 };

/**
 * Opens a library that stays loaded until the process ends.
 * @returns the reason if it could not be opened
 */
export function hold(path: string): string | undefined {
  const flags = process.platform === "darwin" ? NOW_AND_FOR_EVER.darwin : NOW_AND_FOR_EVER.linux;
  const c = koffi.load(C_LIBRARY);
  const dlopen = c.func("dlopen", "void *", ["str", "int"]);
  // Looked up first, because looking up a function clears the error message.
  const dlerror = c.func("dlerror", "str", []);
  const held: unknown = dlopen(path, flags);
  return held === null ? String(dlerror()) : undefined;
}
