import * as tf from "@tensorflow/tfjs";
import { TfjsNodeMissing } from "../errors";
import { findTfjsNode } from "./place";

/**
 * Makes tfjs-node the active backend where it is built and loads; else nothing changes. THUMBRANK_TFJS_NODE=off leaves it
 * alone. What is there and does not load is told in a warning of the process.
 * @param libraryFolder of TensorFlow's library, where it is not the usual one
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
 * Starts tfjs-node; koffi is loaded only where it is wanted, for it has no build for some machines.
 * @returns the name of its backend
 * @throws TfjsNodeMissing, TfjsNodeUnloadable
 */
export async function tfjsNodeBackend(libraryFolder?: string): Promise<string> {
  const place = findTfjsNode(libraryFolder);
  const { startTfjsNode, TFJS_NODE_BACKEND } = await import("./start");
  startTfjsNode(place);
  return TFJS_NODE_BACKEND;
}
