import { createRequire } from "node:module";

/**
 * Lets tsx start its compiler service again: Jupyter's interrupt reaches the whole process group and ends that service,
 * and without it no edited file of lib could be loaded any more.
 */
export function restartTranspiler(): void {
  const esbuild: { stop(): void } = createRequire(require.resolve("tsx"))("esbuild");
  esbuild.stop();
}
