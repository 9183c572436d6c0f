import * as tf from "@tensorflow/tfjs";

/**
 * Runs code with another tfjs backend active and restores the one before.
 * @param name a backend that is already initialised, or initialises without waiting
 */
export function onBackend<Result>(name: string, code: () => Result): Result {
  const before = tf.getBackend();
  if (before === name) return code();
  activate(name);
  try {
    return code();
  } finally {
    if (before) activate(before);
  }
}

/** tf.setBackend does all its work before its promise where the backend needs no waiting. */
function activate(name: string): void {
  void tf.setBackend(name);
}
