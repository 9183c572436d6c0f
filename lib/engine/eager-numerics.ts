import * as tf from "@tensorflow/tfjs";
import { requireFinite } from "./errors";
import { describeOrigin } from "./origins";
import { usersFrame } from "./place";

/**
 * Runs a step's code uncompiled, and stops at the first value that is not finite.
 * @throws NotFinite
 */
export function checkingNumerics<Result>(code: () => Result): Result {
  const engine = tf.engine();
  const { runKernel } = engine;
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(...call: Parameters<typeof runKernel>): T => {
    for (const input of Object.values(call[1]))
      if (input instanceof tf.Variable) check(input, () => `variable ${input.name}`);
    const results = runKernel.apply(engine, call) as T;
    for (const result of [results].flat()) check(result, () => `the result of ${here(call[0])}`);
    return results;
  };
  try {
    return code();
  } finally {
    engine.runKernel = runKernel;
  }
}

function check(tensor: tf.Tensor, name: () => string): void {
  if (tensor.dtype !== "float32") return;
  const values = tensor.dataSync<"float32">();
  if (!values.every(Number.isFinite)) requireFinite(values, name());
}

/** A kernel with the line that is calling it. */
const here = (kernel: string) => describeOrigin({ kernel, frame: usersFrame() });

/** Runs code and restores the variables' values if it throws, or always if `always`. */
export function restoringVariables<Result>(variables: tf.Variable[], always: boolean, code: () => Result): Result {
  const copies = variables.map((variable) => variable.clone());
  let restores = true;
  try {
    const result = code();
    restores = always;
    return result;
  } finally {
    variables.forEach((variable, index) => {
      if (restores) variable.assign(copies[index] as tf.Tensor);
    });
    tf.dispose(copies);
  }
}
