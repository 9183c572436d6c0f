import * as tf from "@tensorflow/tfjs";
import { RandomInStep } from "./errors";
import { withDeepStacks } from "./place";

const RANDOM_OPERATIONS = /\b(randomUniform|randomNormal|randomGamma|truncatedNormal)_?\b/;

/**
 * Runs a step's code and refuses JavaScript's randomness, which would be frozen in a compiled step. Unseeded operations
 * draw from Math.random; seeded ones are recognised by who makes a tensor from a buffer.
 * @throws RandomInStep
 */
export function withoutRandomness<Result>(code: () => Result): Result {
  const random = Math.random;
  const toTensor = tf.TensorBuffer.prototype.toTensor;
  Math.random = () => {
    throw new RandomInStep(randomOperation() ?? "Math.random");
  };
  tf.TensorBuffer.prototype.toTensor = function (this: tf.TensorBuffer<tf.Rank>) {
    const operation = randomOperation();
    if (operation) throw new RandomInStep(operation);
    return toTensor.call(this);
  };
  try {
    return withDeepStacks(code);
  } finally {
    Math.random = random;
    tf.TensorBuffer.prototype.toTensor = toTensor;
  }
}

/** The tfjs operation on the stack that draws random numbers. */
function randomOperation(): string | undefined {
  const name = RANDOM_OPERATIONS.exec(new Error().stack ?? "")?.[1];
  return name && `tf.${name}`;
}
