import { createRequire } from "node:module";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { TfjsNodeUnloadable } from "../errors";
import { loadTensorFlow } from "../native/load";
import { HANDED_OVER, type TfjsNode } from "./place";

/** Name of tfjs-node's backend in TensorFlow.js; its kernels are registered under it. */
export const TFJS_NODE_BACKEND = "tensorflow";

interface Package {
  NodeJSKernelBackend: new (binding: unknown, name: string) => tf.KernelBackend;
}

/**
 * Registers tfjs-node's backend with the program's TensorFlow.js, once per process or thread, without activating it.
 * Loads only the backend and the kernels, not the package's index, which would also replace the active backend and
 * more.
 * @throws TfjsNodeUnloadable
 */
export function startTfjsNode({ folder, binding, library }: TfjsNode): void {
  if (TFJS_NODE_BACKEND in tf.engine().registryFactory) return;
  try {
    // This comes first: it keeps the library in memory when a worker that loaded the addon ends, silences its greeting,
    // and gives each session and the eager operations their own threads.
    loadTensorFlow(library.path);
    restoreRemovedFunctions();
    (globalThis as Record<symbol, unknown>)[Symbol.for(HANDED_OVER)] = tf;
    const load = createRequire(join(folder, "index.js"));
    const { NodeJSKernelBackend } = load("@tensorflow/tfjs-node/dist/nodejs_kernel_backend") as Package;
    const native: unknown = load(binding);
    load("@tensorflow/tfjs-node/dist/register_all_kernels");
    tf.registerBackend(TFJS_NODE_BACKEND, () => new NodeJSKernelBackend(native, "@tensorflow/tfjs-node"));
  } catch (cause) {
    throw new TfjsNodeUnloadable(binding, cause);
  }
}

/** The package calls two functions that Node 22 deprecates and Node 23 has removed. */
function restoreRemovedFunctions(): void {
  const old = { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value === null || value === undefined };
  Object.assign(createRequire(__filename)("node:util") as object, old);
}
