import * as tf from "@tensorflow/tfjs";

/**
 * Runs code with another tfjs backend active, then restores the previous one.
 * @param name a backend that is already initialised, or initialises synchronously
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

/** tf.setBackend does all its work before it returns its promise if the backend initialises synchronously. */
function activate(name: string): void {
  void tf.setBackend(name);
}
