import * as tf from "@tensorflow/tfjs";
import { TfjsNodeMissing } from "../errors";
import { findTfjsNode } from "./place";

/**
 * Makes tfjs-node the active backend if it is built and loads; otherwise changes nothing. THUMBRANK_TFJS_NODE=off
 * disables it. If it is built but does not load, the process warns.
 * @param libraryFolder folder of TensorFlow's library, if not the default
 */
export async function preferTfjsNode(libraryFolder?: string): Promise<void> {
  if (process.env.THUMBRANK_TFJS_NODE === "off") return;
  try {
    await tf.setBackend(await tfjsNodeBackend(libraryFolder));
  } catch (failure) {
    if (failure instanceof TfjsNodeMissing) return;
    process.emitWarning(failure as Error);
  }
}

/**
 * Starts tfjs-node; koffi is loaded only when needed, because it has no build for some machines.
 * @returns the name of its backend
 * @throws TfjsNodeMissing, TfjsNodeUnloadable
 */
export async function tfjsNodeBackend(libraryFolder?: string): Promise<string> {
  const place = findTfjsNode(libraryFolder);
  const { startTfjsNode, TFJS_NODE_BACKEND } = await import("./start");
  startTfjsNode(place);
  return TFJS_NODE_BACKEND;
}
