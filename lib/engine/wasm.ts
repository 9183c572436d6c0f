import type { EventEmitter } from "node:events";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const PROCESS_EVENTS = ["uncaughtException", "unhandledRejection"];

/** Starts tfjs's wasm backend and makes it the active one, unless the program has chosen another. */
export async function startWasm(): Promise<void> {
  // A notebook that reloads this module finds the backend running.
  if ("wasm" in tf.engine().registry) return;
  setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  const before = tf.getBackend();
  await withoutNewListeners(process, () => tf.setBackend("wasm"));
  if (before) await tf.setBackend(before);
}

/** The wasm module listens for errors of the whole process and rethrows them; a library must not. */
async function withoutNewListeners(emitter: EventEmitter, start: () => Promise<unknown>): Promise<void> {
  const before = PROCESS_EVENTS.map((event) => emitter.listeners(event));
  await start();
  PROCESS_EVENTS.forEach((event, index) => {
    for (const listener of emitter.listeners(event) as (() => void)[])
      if (!before[index]?.includes(listener)) emitter.removeListener(event, listener);
  });
}
